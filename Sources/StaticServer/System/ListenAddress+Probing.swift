internal import CLinux
internal import Glibc
internal import StaticAssets

extension ListenAddress {
  /// Checks that no other process listens at the address, before a server is started. bind(2)
  ///
  /// Only TCP addresses are checked. Another process may still bind the address afterwards.
  ///
  /// - Parameter listeners: all addresses of the server, which decide whether `[::]` includes IPv4.
  /// - Throws: `StaticServerError.cannotListen`.
  package func checkIsFree(among listeners: [ListenAddress]) throws(StaticServerError) {
    let family: Int32
    switch self {
    case .ipv4: family = AF_INET
    case .ipv6: family = AF_INET6
    case .unix, .inherited: return
    }
    let number = Glibc.socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { throw .cannotListen(address: description, code: errno) }
    let socket = Descriptor(owning: number)
    var value: Int32 = 1
    let count = socklen_t(MemoryLayout<Int32>.size)
    // Like the server's own sockets: connections in TIME_WAIT are ignored.
    unsafe setsockopt(socket.number, SOL_SOCKET, SO_REUSEADDR, &value, count)
    if family == AF_INET6 {
      value = leavesIPv4(to: listeners) ? 1 : 0
      unsafe setsockopt(socket.number, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &value, count)
    }
    let result = SocketAddress.bind(socket.number, to: self)
    guard result == 0 else {
      throw .cannotListen(address: description, code: Int32(-result))
    }
  }
}
