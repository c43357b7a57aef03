internal import CLinux
internal import Glibc
internal import StaticAssets

/// Addresses of apps that are started beside the server.
extension UpstreamAddress {
  /// Whether a connection is accepted there now; at most a tenth of a second is waited for one.
  ///
  /// The connection is closed at once, without a byte. connect(2), poll(2)
  package var isAccepting: Bool {
    let number = connect()
    // EAGAIN: the backlog is full, so somebody is listening.
    guard number >= 0 else { return number == -Int(EAGAIN) }
    let socket = Descriptor(owning: Int32(number))
    var state = pollfd(fd: socket.number, events: Int16(POLLOUT), revents: 0)
    guard unsafe poll(&state, 1, 100) > 0 else { return false }
    var code: Int32 = 0
    var count = socklen_t(MemoryLayout<Int32>.size)
    return unsafe getsockopt(socket.number, SOL_SOCKET, SO_ERROR, &code, &count) == 0 && code == 0
  }

  /// A TCP port of 127.0.0.1 that nobody uses now. bind(2)
  package static func freePort() throws(ServerError) -> UInt16 {
    let flags = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
    let number = Glibc.socket(AF_INET, Int32(flags), 0)
    guard number >= 0 else { throw .system(call: "socket", code: errno) }
    let socket = Descriptor(owning: number)
    let any = ListenAddress.ipv4(0x7F00_0001, port: 0)
    let result = SocketAddress.bind(socket.number, to: any)
    guard result == 0 else { throw .system(call: "bind", code: Int32(-result)) }
    guard case .ipv4(_, let port) = SocketAddress.resolved(any, of: socket.number) else {
      preconditionFailure("a socket of IPv4 has an address of IPv4")
    }
    return port
  }
}
