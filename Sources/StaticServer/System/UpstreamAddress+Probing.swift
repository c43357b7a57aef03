internal import CLinux
internal import Glibc
internal import StaticAssets

/// Probes for an app that a supervisor starts beside the server.
extension UpstreamAddress {
  /// Whether something listens at the address; waits at most 100 ms.
  ///
  /// The probe's connection is closed without sending a byte. connect(2), poll(2)
  package var isAccepting: Bool {
    let number = connect()
    // EAGAIN: the backlog is full, so a process is listening.
    guard number >= 0 else { return number == -Int(EAGAIN) }
    let socket = Descriptor(owning: Int32(number))
    var state = pollfd(fd: socket.number, events: Int16(POLLOUT), revents: 0)
    guard unsafe poll(&state, 1, 100) > 0 else { return false }
    var code: Int32 = 0
    var count = socklen_t(MemoryLayout<Int32>.size)
    return unsafe getsockopt(socket.number, SOL_SOCKET, SO_ERROR, &code, &count) == 0 && code == 0
  }

  /// A TCP port of 127.0.0.1 that is free at the time of the call. bind(2)
  package static func freePort() throws(StaticServerError) -> UInt16 {
    let flags = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
    let number = Glibc.socket(AF_INET, Int32(flags), 0)
    guard number >= 0 else { throw .system(call: "socket", code: errno) }
    let socket = Descriptor(owning: number)
    let any = ListenAddress.ipv4(0x7F00_0001, port: 0)
    let result = SocketAddress.bind(socket.number, to: any)
    guard result == 0 else { throw .system(call: "bind", code: Int32(-result)) }
    guard case .ipv4(_, let port) = SocketAddress.resolved(any, of: socket.number) else {
      preconditionFailure("getsockname returns an IPv4 address")
    }
    return port
  }
}
