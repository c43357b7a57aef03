internal import CLinux
internal import Glibc
internal import StaticAssets

/// Addresses that somebody else listens at.
extension ListenAddress {
  /// Whether a connection is accepted there now; at most a tenth of a second is waited for one.
  ///
  /// The connection is closed at once, without a byte. connect(2)
  package var isAccepting: Bool {
    let family: Int32
    switch self {
    case .ipv4: family = AF_INET
    case .ipv6: family = AF_INET6
    case .unix: family = AF_UNIX
    case .inherited: return false
    }
    let flags = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
    let number = Glibc.socket(family, Int32(flags), 0)
    guard number >= 0 else { return false }
    let socket = Descriptor(owning: number)
    switch SocketAddress.connect(socket.number, to: self) {
    // A full queue has an owner.
    case 0, -Int(EAGAIN): return true
    case -Int(EINPROGRESS): return Self.becomesConnected(socket)
    default: return false
    }
  }

  private static func becomesConnected(_ socket: borrowing Descriptor) -> Bool {
    var state = pollfd(fd: socket.number, events: Int16(POLLOUT), revents: 0)
    guard unsafe poll(&state, 1, 100) > 0 else { return false }
    var code: Int32 = 0
    var count = socklen_t(MemoryLayout<Int32>.size)
    return unsafe getsockopt(socket.number, SOL_SOCKET, SO_ERROR, &code, &count) == 0 && code == 0
  }

  /// An address of this machine alone with a port that nobody uses now. bind(2)
  package static func freeLocal() throws(ServerError) -> ListenAddress {
    let flags = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
    let number = Glibc.socket(AF_INET, Int32(flags), 0)
    guard number >= 0 else { throw .system(call: "socket", code: errno) }
    let socket = Descriptor(owning: number)
    let any = ListenAddress.ipv4(0x7F00_0001, port: 0)
    let result = SocketAddress.bind(socket.number, to: any)
    guard result == 0 else { throw .system(call: "bind", code: Int32(-result)) }
    return SocketAddress.resolved(any, of: socket.number)
  }
}
