internal import CLinux

/// The address of a client, a trivially copyable value of 17 bytes.
struct PeerAddress: BitwiseCopyable, Equatable {
  enum Kind {
    case ipv4, ipv6
    /// A Unix socket: its clients have no address.
    case unix
  }

  /// The family (4, 6, or 0 for none), then the address in network order.
  private var storage = InlineArray<17, UInt8>(repeating: 0)

  /// No address: the peer of a Unix socket.
  init() {}

  /// An IPv4 address in network order.
  init(ipv4 bytes: InlineArray<4, UInt8>) {
    storage[0] = 4
    for index in 0..<4 { storage[index + 1] = bytes[index] }
  }

  /// An IPv6 address in network order; an IPv4-mapped one (RFC 4291 §2.5.5.2) becomes the IPv4
  /// address.
  init(ipv6 bytes: InlineArray<16, UInt8>) {
    var isMapped = bytes[10] == 0xFF && bytes[11] == 0xFF
    for index in 0..<10 where bytes[index] != 0 { isMapped = false }
    storage[0] = isMapped ? 4 : 6
    let first = isMapped ? 12 : 0
    for index in first..<16 { storage[index - first + 1] = bytes[index] }
  }

  var kind: Kind {
    switch storage[0] {
    case 4: .ipv4
    case 6: .ipv6
    default: .unix
    }
  }

  /// Byte `index` of the address in network order; `index` is below 4 or 16.
  func byte(_ index: Int) -> UInt8 { storage[index + 1] }

  /// Accepts a connection and stores its peer's address. accept4(2)
  ///
  /// Returns the descriptor, or a negative error number.
  mutating func accept(from listener: Int32) -> Int {
    unsafe withUnsafeMutableBytes(of: &storage) { bytes in
      guard let start = bytes.baseAddress else { return -1 }
      return unsafe clinux_accept(listener, start.assumingMemoryBound(to: UInt8.self))
    }
  }
}

extension PeerAddress {
  static func == (first: PeerAddress, second: PeerAddress) -> Bool {
    for index in first.storage.indices where first.storage[index] != second.storage[index] {
      return false
    }
    return true
  }
}
