internal import CLinux
internal import Glibc
internal import StaticCollector
internal import StaticServer

/// The listening sockets that this process inherited from systemd, or from the `staticd` that it
/// replaces.
struct InheritedSockets: Sendable, Equatable {
  /// A socket of systemd, with the name in its unit.
  struct Named: Sendable, Equatable {
    let descriptor: Int32
    let name: String
  }

  /// The name of sockets for the admin listener.
  static let adminName = "admin"
  /// The variable by which a process hands its sockets over.
  static let handoverVariable = "STATICD_HANDOVER"
  /// The variables of socket activation. sd_listen_fds(3)
  static let variables = ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"]

  /// The sockets of systemd.
  var activated: [Named] = []
  /// The sockets that the previous process had bound.
  var handed: [HandedSockets] = []
  /// The pipe on which the previous process waits for a byte, sent once this one serves.
  var readiness: Int32?

  /// The sockets of systemd for the site.
  var site: [Named] { activated.filter { $0.name != Self.adminName } }
  /// The sockets of systemd for the admin listener.
  var admin: [Named] { activated.filter { $0.name == Self.adminName } }

  /// Takes the inherited sockets: makes them close-on-exec, and removes their variables from the
  /// environment.
  ///
  /// Must be called before threads are started: setenv(3).
  ///
  /// - Throws: `CommandFailure` for a socket that cannot serve HTTP.
  static func take() throws -> InheritedSockets {
    defer { for name in variables + [handoverVariable] { unsafe unsetenv(name) } }
    var sockets = try InheritedSockets(variable: Environment.value, ownNumber: getpid())
    for socket in sockets.activated { try refuse(socket) }
    sockets.handed = sockets.handed.map { handed in
      let address = LocalAddress.bound(to: handed.descriptors[0]) ?? handed.address
      return HandedSockets(address: address, descriptors: handed.descriptors)
    }
    for descriptor in sockets.descriptors { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    return sockets
  }

  /// No sockets.
  init() {}

  /// Reads the variables; the addresses of sockets that were handed over are not looked up.
  ///
  /// - Parameters:
  ///   - variable: the value of a variable.
  ///   - ownNumber: the ID of this process; sockets for another process are ignored.
  init(variable: (String) -> String?, ownNumber: Int32) throws {
    if let text = variable(Self.handoverVariable) {
      guard let sockets = HandoverText.read(text) else {
        throw CommandFailure(
          .usage,
          "\(Self.handoverVariable) '\(text)': this variable is staticd's own; do not set it"
        )
      }
      self = sockets
      return
    }
    guard variable("LISTEN_PID").flatMap({ Int32($0) }) == ownNumber,
      let count = variable("LISTEN_FDS").flatMap({ Int32($0) }), count > 0
    else { return }
    let names = (variable("LISTEN_FDNAMES") ?? "")
      .split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    // SD_LISTEN_FDS_START is 3.
    activated = (0..<count).map { index in
      let name = Int(index) < names.count ? names[Int(index)] : ""
      return Named(descriptor: 3 + index, name: name.isEmpty ? "unknown" : name)
    }
  }

  private var descriptors: [Int32] {
    activated.map(\.descriptor) + handed.flatMap(\.descriptors) + (readiness.map { [$0] } ?? [])
  }

  /// Notifies the previous process that this one serves. write(2), close(2)
  mutating func tellReady() {
    guard let descriptor = readiness else { return }
    readiness = nil
    _ = unsafe write(descriptor, [1], 1)
    close(descriptor)
  }

  /// Closes the handed sockets that are not among `used`: connections would never be accepted.
  func closeRest(besides used: [HandedSockets]) {
    let kept = Set(used.flatMap(\.descriptors))
    for descriptor in handed.flatMap(\.descriptors) where !kept.contains(descriptor) {
      close(descriptor)
    }
  }

  /// Throws for a socket that does not accept connections.
  private static func refuse(_ socket: Named) throws {
    let place = "descriptor \(socket.descriptor) ('\(socket.name)') of systemd"
    guard let type = option(SO_TYPE, socket.descriptor) else {
      throw CommandFailure(.usage, "\(place) is no socket; write ListenStream= in the socket unit")
    }
    guard type == Int32(SOCK_STREAM.rawValue) else {
      let kind = type == Int32(SOCK_DGRAM.rawValue) ? "a datagram" : "no stream"
      throw CommandFailure(
        .usage,
        "\(place) is \(kind) socket, and HTTP needs a stream; write ListenStream= in the socket unit"
      )
    }
    guard option(SO_ACCEPTCONN, socket.descriptor) == 1 else {
      throw CommandFailure(
        .usage,
        "\(place) is a connection, not a listening socket; write Accept=no in the socket unit"
      )
    }
  }

  private static func option(_ option: Int32, _ descriptor: Int32) -> Int32? {
    var value: Int32 = 0
    var count = socklen_t(MemoryLayout<Int32>.size)
    guard unsafe getsockopt(descriptor, SOL_SOCKET, option, &value, &count) == 0 else { return nil }
    return value
  }
}
