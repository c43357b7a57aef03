internal import CLinux
internal import Glibc
internal import StaticAssets
internal import Synchronization

/// The listening sockets of one address: one for each loop, or one that all loops share.
///
/// Owns the sockets and closes each when the last loop has stopped accepting from it. Safe to use
/// from every loop's thread.
final class Listener: Sendable {
  /// The address with the port that the kernel chose.
  let address: ListenAddress
  /// Whether the loops share one socket.
  let isShared: Bool

  /// One descriptor for each loop; all are equal if the socket is shared.
  private let descriptors: [Int32]
  /// The loops that still accept.
  private let users: Mutex<Set<Int>>

  private static let backlog: Int32 = 4096

  /// Listens at `address` for `count` loops.
  convenience init(_ address: ListenAddress, count: Int) throws(ServerError) {
    switch address {
    case .ipv4, .ipv6: try self.init(tcp: address, count: count)
    case .unix(let path):
      Self.removeStaleSocket(path)
      let socket = try Self.listening(address, reusesPort: false)
      self.init(address, Array(repeating: socket.release(), count: count), isShared: true)
    case .inherited(let descriptor):
      try Self.adopt(descriptor, address)
      self.init(address, Array(repeating: descriptor, count: count), isShared: true)
    }
  }

  private init(_ address: ListenAddress, _ descriptors: [Int32], isShared: Bool) {
    self.address = address
    self.descriptors = descriptors
    self.isShared = isShared
    users = Mutex(Set(descriptors.indices))
  }

  /// Creates SO_REUSEPORT sockets, between which the kernel distributes the connections.
  private convenience init(tcp address: ListenAddress, count: Int) throws(ServerError) {
    // With SO_REUSEPORT, bind succeeds although another server with SO_REUSEPORT has the port. A
    // probe without it fails with EADDRINUSE.
    let probe = try Self.bound(address, reusesPort: false)
    _ = consume probe
    let first = try Self.listening(address, reusesPort: true)
    let resolved = SocketAddress.resolved(address, of: first.number)
    var numbers = [first.release()]
    while numbers.count < count {
      do throws(ServerError) {
        let next = try Self.listening(resolved, reusesPort: true)
        numbers.append(next.release())
      } catch {
        for number in numbers { _ = clinux_close(number) }
        throw error
      }
    }
    self.init(resolved, numbers, isShared: false)
  }

  deinit {
    for loop in users.withLock({ $0 }) { stopAccepting(loop) }
  }

  /// The socket that loop `index` accepts from.
  func socket(ofLoop index: Int) -> LoopListener {
    LoopListener(listener: self, loop: index, descriptor: descriptors[index])
  }

  /// Records that loop `index` has stopped accepting.
  ///
  /// Closes its socket, or the shared socket after the last loop, so that new clients are refused.
  func stopAccepting(_ index: Int) {
    let isLast = users.withLock { users in
      guard users.remove(index) != nil else { return false }
      return !isShared || users.isEmpty
    }
    guard isLast else { return }
    // An inherited socket stays open: its owner may pass it to the next server.
    if case .inherited = address { return }
    _ = clinux_close(descriptors[index])
    if case .unix(let path) = address { unsafe unlink(path) }
  }

  private static func listening(
    _ address: ListenAddress,
    reusesPort: Bool
  ) throws(ServerError) -> Descriptor {
    let socket = try bound(address, reusesPort: reusesPort)
    guard listen(socket.number, backlog) == 0 else {
      throw .cannotListen(address: address.description, code: errno)
    }
    return socket
  }

  private static func bound(
    _ address: ListenAddress,
    reusesPort: Bool
  ) throws(ServerError) -> Descriptor {
    let family: Int32
    switch address {
    case .ipv4: family = AF_INET
    case .ipv6: family = AF_INET6
    case .unix, .inherited: family = AF_UNIX
    }
    let flags = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let number = Glibc.socket(family, flags, 0)
    guard number >= 0 else { throw .system(call: "socket", code: errno) }
    let socket = Descriptor(owning: number)
    if family != AF_UNIX {
      set(socket.number, SOL_SOCKET, SO_REUSEADDR)
      if reusesPort { set(socket.number, SOL_SOCKET, SO_REUSEPORT) }
      // Accepted sockets inherit TCP_NODELAY: responses are written whole, so Nagle's delay gains
      // nothing.
      set(socket.number, Int32(IPPROTO_TCP), TCP_NODELAY)
      if family == AF_INET6 { set(socket.number, Int32(IPPROTO_IPV6), IPV6_V6ONLY) }
    }
    let result = SocketAddress.bind(socket.number, to: address)
    guard result == 0 else {
      throw .cannotListen(address: address.description, code: Int32(-result))
    }
    return socket
  }

  private static func set(_ socket: Int32, _ level: Int32, _ option: Int32) {
    var value: Int32 = 1
    let count = socklen_t(MemoryLayout<Int32>.size)
    unsafe setsockopt(socket, level, option, &value, count)
  }

  /// Makes an inherited socket non-blocking and close-on-exec, and checks that it is listening.
  private static func adopt(_ descriptor: Int32, _ address: ListenAddress) throws(ServerError) {
    let flags = fcntl(descriptor, F_GETFL)
    guard flags >= 0, fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0,
      fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
    else { throw .cannotListen(address: address.description, code: errno) }
    var isListening: Int32 = 0
    var count = socklen_t(MemoryLayout<Int32>.size)
    guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &count) == 0
    else { throw .cannotListen(address: address.description, code: errno) }
    guard isListening != 0 else {
      throw .cannotListen(address: address.description, code: EINVAL)
    }
    // Fails for a Unix socket, which has no Nagle delay.
    set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
  }

  /// Removes the socket file at `path` if connect reports ECONNREFUSED: its server has ended.
  private static func removeStaleSocket(_ path: String) {
    let status = try? FileStatus.of(FilePath(path), followsLinks: false)
    guard status?.isSocket == true else { return }
    let type = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
    let number = Glibc.socket(AF_UNIX, Int32(type), 0)
    guard number >= 0 else { return }
    let probe = Descriptor(owning: number)
    if SocketAddress.connect(probe.number, toSocketAt: path) == -Int(ECONNREFUSED) {
      unsafe unlink(path)
    }
  }
}
