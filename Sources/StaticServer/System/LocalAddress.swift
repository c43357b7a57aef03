internal import CLinux
internal import Glibc
internal import StaticAssets

/// Queries about addresses of this machine.
package enum LocalAddress {
  /// Whether `host`, of 4 or 16 bytes, is an address of this machine: bind succeeds for no other.
  /// bind(2)
  package static func exists(_ host: [UInt8]) -> Bool {
    let family = host.count == 4 ? AF_INET : AF_INET6
    let number = Glibc.socket(family, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { return false }
    let socket = Descriptor(owning: number)
    let address: ListenAddress =
      host.count == 4
      ? .ipv4(host.reduce(0) { $0 << 8 | UInt32($1) }, port: 0) : .ipv6(host, port: 0)
    return SocketAddress.bind(socket.number, to: address) == 0
  }

  /// The TCP address that an inherited socket is bound to; nil if it has none. getsockname(2)
  package static func bound(to descriptor: Int32) -> ListenAddress? {
    var storage = sockaddr_in6()
    var count = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &count)
      }
    }
    guard result == 0 else { return nil }
    let bytes = unsafe withUnsafeBytes(of: &storage) { unsafe Array($0) }
    let port = UInt16(bigEndian: storage.sin6_port)
    switch Int32(storage.sin6_family) {
    case AF_INET: return .ipv4(bytes[4..<8].reduce(0) { $0 << 8 | UInt32($1) }, port: port)
    case AF_INET6: return .ipv6(Array(bytes[8..<24]), port: port)
    default: return nil
    }
  }
}
