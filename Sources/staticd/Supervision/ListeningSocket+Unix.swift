internal import StaticServer

/// Unix sockets that are listening. proc(5): /proc/PID/net/unix
extension ListeningSocket {
  /// Parses the table: a header line, then one line for each socket.
  ///
  /// - Parameter directory: the working directory of a process that has the socket with this inode;
  ///   the socket's path may be relative to it.
  static func parseUnix(_ table: String, directory: (UInt64) -> String?) -> [ListeningSocket] {
    table.split(separator: "\n").dropFirst().compactMap { line in
      let fields = line.split(separator: " ", maxSplits: 7)
      // Bit 16 of the flags is SO_ACCEPTCON; a socket without a path has one field fewer.
      guard fields.count == 8, let flags = UInt32(fields[3], radix: 16), flags & 0x10000 != 0,
        let inode = UInt64(fields[6]), fields[7].first != "@"
      else { return nil }
      var path = String(fields[7])
      if !path.hasPrefix("/") {
        guard let base = directory(inode) else { return nil }
        path = "\(base)/\(path)"
      }
      return ListeningSocket(address: .unix(path: path), inode: inode)
    }
  }
}
