internal import CLinux
internal import Glibc
internal import StaticAssets

/// Why a server cannot start.
public enum ServerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The system refused to listen at an address; the code is an error number as in errno(3).
  case cannotListen(address: String, code: Int32)
  /// A system call failed; the code is an error number as in errno(3).
  case system(call: String, code: Int32)

  /// One line: what is wrong, and what to do.
  public var description: String {
    switch self {
    case .cannotListen(let address, let code):
      "cannot listen at \(address): \(FileError.text(of: code))\(Self.remedy(for: code))"
    case .system(let call, let code): "\(call): \(FileError.text(of: code))"
    }
  }

  private static func remedy(for code: Int32) -> String {
    switch code {
    case EADDRINUSE: "; stop what listens there or choose another --listen"
    case EACCES, EPERM: "; ports below 1024 need a privilege, choose a higher one"
    case EADDRNOTAVAIL: "; this machine does not have that address"
    default: ""
    }
  }

  /// The value of `result`, or an error when it is a negative error number.
  static func check(_ result: Int, _ call: String) throws(ServerError) -> Int32 {
    guard result < 0 else { return Int32(result) }
    throw .system(call: call, code: Int32(-result))
  }
}

/// The listening sockets of one address: one for each loop, or one that all loops share.
final class Listener {
  /// The address with the real port.
  let address: ListenAddress
  /// One descriptor for each loop; all the same when the socket is shared.
  let descriptors: [Int32]
  /// Whether the loops share one socket.
  let isShared: Bool

  private static let backlog: Int32 = 4096

  /// Listens at `address` for `count` loops.
  convenience init(_ address: ListenAddress, count: Int) throws(ServerError) {
    switch address {
    case .ipv4, .ipv6: try self.init(tcp: address, count: count)
    case .unix(let path):
      Self.removeStaleSocket(path)
      let socket = try Self.listening(address, reusesPort: false)
      self.init(address, shared: socket.release(), count: count)
    case .inherited(let descriptor):
      let flags = fcntl(descriptor, F_GETFL)
      guard flags >= 0, fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0 else {
        throw .cannotListen(address: address.description, code: errno)
      }
      self.init(address, shared: descriptor, count: count)
    }
  }

  private init(_ address: ListenAddress, shared descriptor: Int32, count: Int) {
    self.address = address
    descriptors = Array(repeating: descriptor, count: count)
    isShared = true
  }

  /// Sockets with SO_REUSEPORT, among which the kernel shares out the connections.
  private init(tcp address: ListenAddress, count: Int) throws(ServerError) {
    // Another server with SO_REUSEPORT would be joined without a word; a socket that does not
    // share finds it.
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
    self.address = resolved
    descriptors = numbers
    isShared = false
  }

  deinit {
    // A loop closes its own socket when it stops accepting; a shared one has to outlive them all.
    if isShared, let shared = descriptors.first { _ = clinux_close(shared) }
    if case .unix(let path) = address { unsafe unlink(path) }
  }

  /// The socket that the loop number `index` accepts from.
  func socket(ofLoop index: Int) -> LoopListener {
    LoopListener(descriptor: descriptors[index], isShared: isShared)
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
      // Connections inherit it: answers are whole already and must not wait for more.
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

  /// Removes a socket that a server left behind: one that nobody listens at any more.
  private static func removeStaleSocket(_ path: String) {
    let number = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard number >= 0 else { return }
    let probe = Descriptor(owning: number)
    if SocketAddress.connect(probe.number, toSocketAt: path) == -Int(ECONNREFUSED) {
      unsafe unlink(path)
    }
  }
}
