internal import StaticServer

/// The value of the variable by which a process passes its sockets to its successor.
///
/// The file descriptor of the readiness pipe, then `/own=3,4` for each address that the process has
/// bound, and `/NAME:5` for each socket of systemd.
enum HandoverText {
  /// Writes the text.
  static func write(
    readiness: Int32,
    handed: [HandedSockets],
    activated: [InheritedSockets.Named]
  ) -> String {
    var parts = ["\(readiness)"]
    for sockets in handed {
      parts.append("own=" + sockets.descriptors.map { "\($0)" }.joined(separator: ","))
    }
    // systemd's names have no slash: systemd.socket(5), FileDescriptorName=.
    for socket in activated { parts.append("\(socket.name):\(socket.descriptor)") }
    return parts.joined(separator: "/")
  }

  /// Parses the text; the addresses of the sockets are not looked up.
  ///
  /// Nil if the text is malformed.
  static func read(_ text: String) -> InheritedSockets? {
    var parts = text.split(separator: "/", omittingEmptySubsequences: false)[...]
    guard let readiness = parts.popFirst().flatMap({ descriptor($0) }) else { return nil }
    var sockets = InheritedSockets()
    sockets.readiness = readiness
    for part in parts {
      if part.hasPrefix("own=") {
        let descriptors = part.dropFirst(4).split(separator: ",", omittingEmptySubsequences: false)
          .map(descriptor)
        guard let first = descriptors.first, let first, !descriptors.contains(nil) else {
          return nil
        }
        let handed = HandedSockets(
          address: .inherited(descriptor: first),
          descriptors: descriptors.compactMap { $0 }
        )
        sockets.handed.append(handed)
      } else {
        guard let colon = part.lastIndex(of: ":"),
          let number = descriptor(part[part.index(after: colon)...])
        else { return nil }
        let named = InheritedSockets.Named(descriptor: number, name: String(part[..<colon]))
        sockets.activated.append(named)
      }
    }
    return sockets
  }

  /// Descriptors below 3 are the standard streams.
  private static func descriptor(_ text: Substring) -> Int32? {
    Int32(text).flatMap { $0 > 2 ? $0 : nil }
  }
}
