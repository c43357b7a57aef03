internal import Glibc

/// Converts addresses to `sockaddr` structures and back.
///
/// The unsafe part: a `sockaddr_in`, `sockaddr_in6` or `sockaddr_un` is passed as `sockaddr`, as
/// the calls define it; each structure lives until its call returns.
enum SocketAddress {
  /// The 16 bytes of an IPv6 address in text; nil if the text is not one. inet_pton(3)
  static func ipv6(_ text: String) -> [UInt8]? {
    var address = in6_addr()
    guard unsafe inet_pton(AF_INET6, text, &address) == 1 else { return nil }
    return unsafe withUnsafeBytes(of: &address) { unsafe Array($0) }
  }

  /// The longest path of a Unix socket in bytes: `sun_path` without its NUL. unix(7)
  static let pathBytesMax = 107

  /// Whether `path` can be that of a Unix socket.
  static func isPath(_ path: String) -> Bool {
    (1...pathBytesMax).contains(path.utf8.count) && !path.utf8.contains(0)
  }

  /// The text of an IPv6 address of 16 bytes; "?" for any other count. inet_ntop(3)
  static func text(ipv6 bytes: [UInt8]) -> String {
    guard bytes.count == 16 else { return "?" }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let count = socklen_t(text.count)
    guard unsafe inet_ntop(AF_INET6, bytes, &text, count) != nil else { return "?" }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Binds `socket` to `address`: 0 or a negative error number. bind(2)
  static func bind(_ socket: Int32, to address: ListenAddress) -> Int {
    switch address {
    case .ipv4(let host, let port):
      var structure = sockaddr_in()
      structure.sin_family = sa_family_t(AF_INET)
      structure.sin_port = port.bigEndian
      structure.sin_addr.s_addr = host.bigEndian
      return bind(socket, &structure)
    case .ipv6(let bytes, let port):
      guard var structure = ipv6Address(bytes, port) else { return -Int(EINVAL) }
      return bind(socket, &structure)
    case .unix(let path):
      guard var structure = unixAddress(path) else { return -Int(ENAMETOOLONG) }
      return bind(socket, &structure)
    case .inherited: return 0
    }
  }

  /// Connects `socket` to the Unix socket at `path`: 0 or a negative error number. connect(2)
  static func connect(_ socket: Int32, toSocketAt path: String) -> Int {
    guard var structure = unixAddress(path) else { return -Int(ENAMETOOLONG) }
    return unsafe withAddress(&structure) { address, count in
      unsafe Glibc.connect(socket, address, count) == 0 ? 0 : -Int(errno)
    }
  }

  /// Connects `socket` to `address`: 0 or a negative error number. connect(2)
  static func connect(_ socket: Int32, to address: UpstreamAddress) -> Int {
    switch address {
    case .unix(let path): return connect(socket, toSocketAt: path)
    case .tcp(let bytes, let port) where bytes.count == 4:
      var structure = sockaddr_in()
      structure.sin_family = sa_family_t(AF_INET)
      structure.sin_port = port.bigEndian
      unsafe withUnsafeMutableBytes(of: &structure.sin_addr) { unsafe $0.copyBytes(from: bytes) }
      return connect(socket, &structure)
    case .tcp(let bytes, let port):
      guard var structure = ipv6Address(bytes, port) else { return -Int(EINVAL) }
      return connect(socket, &structure)
    }
  }

  private static func connect<Structure>(_ socket: Int32, _ structure: inout Structure) -> Int {
    unsafe withAddress(&structure) { address, count in
      unsafe Glibc.connect(socket, address, count) == 0 ? 0 : -Int(errno)
    }
  }

  /// nil unless there are 16 bytes.
  private static func ipv6Address(_ bytes: [UInt8], _ port: UInt16) -> sockaddr_in6? {
    guard bytes.count == 16 else { return nil }
    var structure = sockaddr_in6()
    structure.sin6_family = sa_family_t(AF_INET6)
    structure.sin6_port = port.bigEndian
    unsafe withUnsafeMutableBytes(of: &structure.sin6_addr) { unsafe $0.copyBytes(from: bytes) }
    return structure
  }

  /// nil if `path` cannot be that of a Unix socket.
  private static func unixAddress(_ path: String) -> sockaddr_un? {
    guard isPath(path) else { return nil }
    var structure = sockaddr_un()
    structure.sun_family = sa_family_t(AF_UNIX)
    // The rest of `sun_path` stays zero.
    unsafe withUnsafeMutableBytes(of: &structure.sun_path) {
      unsafe $0.copyBytes(from: path.utf8)
    }
    return structure
  }

  private static func bind<Structure>(_ socket: Int32, _ structure: inout Structure) -> Int {
    unsafe withAddress(&structure) { address, count in
      unsafe Glibc.bind(socket, address, count) == 0 ? 0 : -Int(errno)
    }
  }

  private static func withAddress<Structure>(
    _ structure: inout Structure,
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int
  ) -> Int {
    unsafe withUnsafePointer(to: &structure) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe body(address, socklen_t(MemoryLayout<Structure>.size))
      }
    }
  }

  /// The address with the port that `socket` is bound to. getsockname(2)
  static func resolved(_ address: ListenAddress, of socket: Int32) -> ListenAddress {
    var storage = sockaddr_in6()
    var count = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(socket, $0, &count)
      }
    }
    // The port has the same offset in sockaddr_in and sockaddr_in6.
    let port = UInt16(bigEndian: storage.sin6_port)
    switch address {
    case .ipv4(let host, _) where result == 0: return .ipv4(host, port: port)
    case .ipv6(let bytes, _) where result == 0: return .ipv6(bytes, port: port)
    default: return address
    }
  }
}
