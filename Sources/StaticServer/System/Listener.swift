internal import CLinux
internal import Glibc
internal import StaticAssets
internal import Synchronization

/// The listening sockets of one address: one for each loop, or some that loops share.
///
/// Owns the sockets and closes each when the last of its loops has stopped accepting from it. Safe
/// to use from every loop's thread.
final class Listener: Sendable {
  /// The treatment of the sockets when no loop accepts from them any more.
  enum End {
    /// They are closed, and the name of a Unix socket is removed.
    case close
    /// They stay open: their owner may pass them to the next server.
    case keep
  }

  /// The address with the port that the kernel chose.
  let address: ListenAddress
  /// The sockets.
  let descriptors: [Int32]

  private let end: End
  /// The socket file of a Unix socket that this process is to remove; nil for none.
  private let file: FileIdentity?
  /// The assignment of the sockets to the loops.
  private let assignment: SocketAssignment
  private let state: Mutex<State>

  private struct State {
    /// For each socket, the loops that still accept from it.
    var users: [Set<Int>]
    /// Whether another process has the sockets too, so that the name of a Unix socket is kept.
    var isPassedOn = false
  }

  private static let backlog: Int32 = 4096

  /// Listens at `address` for `count` loops.
  ///
  /// - Parameter isIPv6Only: whether `[::]` leaves IPv4 to another listener.
  convenience init(
    _ address: ListenAddress,
    count: Int,
    isIPv6Only: Bool = false
  ) throws(StaticServerError) {
    switch address {
    case .ipv4, .ipv6: try self.init(tcp: address, count: count, isIPv6Only: isIPv6Only)
    case .unix(let path):
      Self.removeStaleSocket(path)
      let socket = try Self.listening(address, reusesPort: false, isIPv6Only: false)
      self.init(address, [socket.release()], count: count, at: .close)
    case .inherited(let descriptor):
      try Self.adopt(descriptor, address)
      self.init(address, [descriptor], count: count, at: .keep)
    }
  }

  /// Adopts the sockets of a process that ends, for `count` loops.
  convenience init(_ handed: HandedSockets, count: Int) throws(StaticServerError) {
    for descriptor in handed.descriptors { try Self.adopt(descriptor, handed.address) }
    self.init(handed.address, handed.descriptors, count: count, at: .close)
  }

  private init(_ address: ListenAddress, _ descriptors: [Int32], count: Int, at end: End) {
    self.address = address
    self.descriptors = descriptors
    self.end = end
    if case .unix(let path) = address, end == .close {
      file = try? FileStatus.of(BytePath(path), followsLinks: false).identity
    } else {
      file = nil
    }
    assignment = SocketAssignment(socketCount: descriptors.count, loopCount: count)
    state = Mutex(State(users: assignment.loops))
  }

  /// Creates SO_REUSEPORT sockets, between which the kernel distributes the connections.
  private convenience init(
    tcp address: ListenAddress,
    count: Int,
    isIPv6Only: Bool
  ) throws(StaticServerError) {
    // With SO_REUSEPORT, bind succeeds although another server with SO_REUSEPORT has the port. A
    // probe without it fails with EADDRINUSE.
    let probe = try Self.bound(address, reusesPort: false, isIPv6Only: isIPv6Only)
    _ = consume probe
    let first = try Self.listening(address, reusesPort: true, isIPv6Only: isIPv6Only)
    let resolved = SocketAddress.resolved(address, of: first.number)
    var numbers = [first.release()]
    while numbers.count < count {
      do throws(StaticServerError) {
        let next = try Self.listening(resolved, reusesPort: true, isIPv6Only: isIPv6Only)
        numbers.append(next.release())
      } catch {
        for number in numbers { _ = clinux_close(number) }
        throw error
      }
    }
    self.init(resolved, numbers, count: count, at: .close)
  }

  deinit {
    for (socket, loops) in state.withLock({ $0.users }).enumerated() {
      for loop in loops { stopAccepting(socket, loop: loop) }
    }
  }

  /// The sockets that loop `index` accepts from.
  func sockets(ofLoop index: Int) -> [LoopListener] {
    assignment.sockets(ofLoop: index).map { socket in
      LoopListener(
        listener: self,
        loop: index,
        socket: socket,
        descriptor: descriptors[socket],
        isShared: assignment.loops[socket].count > 1
      )
    }
  }

  /// Keeps the name of a Unix socket for the process that has the sockets now.
  func passOn() {
    state.withLock { $0.isPassedOn = true }
  }

  /// Records that loop `loop` has stopped accepting from `socket`.
  ///
  /// Closes the socket after its last loop, so that new clients are refused.
  func stopAccepting(_ socket: Int, loop: Int) {
    let (isLast, ownsName) = state.withLock { state in
      guard state.users[socket].remove(loop) != nil else { return (false, false) }
      return (state.users[socket].isEmpty, !state.isPassedOn)
    }
    guard isLast, end == .close else { return }
    _ = clinux_close(descriptors[socket])
    if case .unix(let path) = address, ownsName { removeFile(path) }
  }

  /// Removes the socket file at `path`, unless another server has replaced it meanwhile.
  private func removeFile(_ path: String) {
    guard let file,
      let status = try? FileStatus.of(BytePath(path), followsLinks: false), status.identity == file
    else { return }
    unsafe unlink(path)
  }

  private static func listening(
    _ address: ListenAddress,
    reusesPort: Bool,
    isIPv6Only: Bool
  ) throws(StaticServerError) -> Descriptor {
    let socket = try bound(address, reusesPort: reusesPort, isIPv6Only: isIPv6Only)
    guard listen(socket.number, backlog) == 0 else {
      throw .cannotListen(address: address.description, code: errno)
    }
    return socket
  }

  private static func bound(
    _ address: ListenAddress,
    reusesPort: Bool,
    isIPv6Only: Bool
  ) throws(StaticServerError) -> Descriptor {
    let family: Int32
    switch address {
    case .ipv4: family = AF_INET
    case .ipv6: family = AF_INET6
    case .unix, .inherited: family = AF_UNIX
    }
    let flags = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let number = Glibc.socket(family, flags, 0)
    guard number >= 0 else { throw .cannotListen(address: address.description, code: errno) }
    let socket = Descriptor(owning: number)
    if family != AF_UNIX {
      set(socket.number, SOL_SOCKET, SO_REUSEADDR)
      if reusesPort { set(socket.number, SOL_SOCKET, SO_REUSEPORT) }
      // Accepted sockets inherit TCP_NODELAY: responses are written whole, so Nagle's delay gains
      // nothing.
      set(socket.number, Int32(IPPROTO_TCP), TCP_NODELAY)
      // The default is the sysctl net.ipv6.bindv6only.
      if family == AF_INET6 {
        set(socket.number, Int32(IPPROTO_IPV6), IPV6_V6ONLY, to: isIPv6Only ? 1 : 0)
      }
    }
    let result = SocketAddress.bind(socket.number, to: address)
    guard result == 0 else {
      throw .cannotListen(address: address.description, code: Int32(-result))
    }
    return socket
  }

  private static func set(_ socket: Int32, _ level: Int32, _ option: Int32, to value: Int32 = 1) {
    var value = value
    let count = socklen_t(MemoryLayout<Int32>.size)
    unsafe setsockopt(socket, level, option, &value, count)
  }

  /// Makes an inherited socket non-blocking and close-on-exec, and checks that it is listening.
  private static func adopt(_ descriptor: Int32, _ address: ListenAddress) throws(StaticServerError)
  {
    let flags = fcntl(descriptor, F_GETFL)
    guard flags >= 0, fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0,
      fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
    else { throw .cannotListen(address: address.description, code: errno) }
    let type = try option(SO_TYPE, of: descriptor, address)
    guard type == Int32(SOCK_STREAM.rawValue) else {
      throw .cannotListen(address: address.description, code: EPROTOTYPE)
    }
    guard try option(SO_ACCEPTCONN, of: descriptor, address) != 0 else {
      throw .cannotListen(address: address.description, code: EINVAL)
    }
    // Fails for a Unix socket, which has no Nagle delay.
    set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
  }

  private static func option(
    _ option: Int32,
    of descriptor: Int32,
    _ address: ListenAddress
  ) throws(StaticServerError) -> Int32 {
    var value: Int32 = 0
    var count = socklen_t(MemoryLayout<Int32>.size)
    guard unsafe getsockopt(descriptor, SOL_SOCKET, option, &value, &count) == 0 else {
      throw .cannotListen(address: address.description, code: errno)
    }
    return value
  }

  /// Removes the socket file at `path` if connect reports ECONNREFUSED: its server has ended.
  private static func removeStaleSocket(_ path: String) {
    let status = try? FileStatus.of(BytePath(path), followsLinks: false)
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
