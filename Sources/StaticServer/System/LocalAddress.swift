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

  /// The address that an inherited socket is bound to; nil if it has none that can be represented.
  /// getsockname(2)
  package static func bound(to descriptor: Int32) -> ListenAddress? {
    var storage = sockaddr_storage()
    var count = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &count)
      }
    }
    guard result == 0 else { return nil }
    let bytes = unsafe withUnsafeBytes(of: &storage) { unsafe Array($0.prefix(Int(count))) }
    return address(bytes, family: Int32(storage.ss_family))
  }

  /// The address in a `sockaddr` of `family`; nil for another family, for an abstract name, and for
  /// none.
  package static func address(_ bytes: [UInt8], family: Int32) -> ListenAddress? {
    guard bytes.count > 2 else { return nil }
    // In network order, and at the same place for both families.
    let port = family == AF_UNIX ? 0 : UInt16(bytes[2]) << 8 | UInt16(bytes[3])
    switch family {
    case AF_UNIX:
      let path = bytes[2...].prefix { $0 != 0 }
      return path.isEmpty ? nil : .unix(path: String(decoding: path, as: UTF8.self))
    case AF_INET: return .ipv4(bytes[4..<8].reduce(0) { $0 << 8 | UInt32($1) }, port: port)
    case AF_INET6: return .ipv6(Array(bytes[8..<24]), port: port)
    default: return nil
    }
  }
}
