internal import CLinux

/// The address of a client, as a plain value of 17 bytes.
struct PeerAddress: BitwiseCopyable {
  enum Kind {
    case ipv4, ipv6
    /// A Unix socket, whose clients have no address.
    case unix
  }

  /// The family, 4 or 6 or 0, and the address in network order.
  private var storage = InlineArray<17, UInt8>(repeating: 0)

  var kind: Kind {
    switch storage[0] {
    case 4: .ipv4
    case 6: .ipv6
    default: .unix
    }
  }

  /// The byte of the address at `index`: 4 or 16 of them, in network order.
  func byte(_ index: Int) -> UInt8 { storage[index + 1] }

  /// Accepts a connection and keeps its peer's address; returns the descriptor, or a negative
  /// error number. accept4(2)
  mutating func accept(from listener: Int32) -> Int {
    unsafe withUnsafeMutableBytes(of: &storage) { bytes in
      guard let start = bytes.baseAddress else { return -1 }
      return unsafe clinux_accept(listener, start.assumingMemoryBound(to: UInt8.self))
    }
  }
}
