/// Addresses as RFC 5952 writes them, in every field and in the log.
///
/// Lower case, no leading zeros, `::` for the longest run of zero groups, which has two at least, and
/// for the first of several such runs (§4). An address that stands for an IPv4 one, `::ffff:0:0/96`, is
/// an IPv4 address here and written as one; no other has a dotted part (§5).
extension ByteBuffer {
  /// Appends an address, at most 39 bytes; `unix` for a client of a Unix socket.
  mutating func append(_ peer: PeerAddress) {
    switch peer.kind {
    case .ipv4:
      for index in 0..<4 {
        if index > 0 { append(UInt8(ascii: ".")) }
        append(decimal: Int64(peer.byte(index)))
      }
    case .ipv6: append(groupsOf: peer)
    case .unix: append("unix")
    }
  }

  private mutating func append(groupsOf peer: PeerAddress) {
    let zeros = peer.longestZeroRun
    var index = 0
    while index < 8 {
      if index == zeros.lowerBound, !zeros.isEmpty {
        append("::")
        index = zeros.upperBound
        continue
      }
      if index > 0, index != zeros.upperBound || zeros.isEmpty { append(UInt8(ascii: ":")) }
      append(hexadecimal: peer.group(index))
      index &+= 1
    }
  }

  private mutating func append(hexadecimal value: UInt16) {
    var shift: UInt16 = 12
    while shift > 0, value >> shift == 0 { shift -= 4 }
    while true {
      append(hexDigit: UInt8(truncatingIfNeeded: value >> shift) & 15)
      if shift == 0 { return }
      shift -= 4
    }
  }
}

extension PeerAddress {
  /// The group at `index` of an IPv6 address's eight.
  fileprivate func group(_ index: Int) -> UInt16 {
    UInt16(byte(index * 2)) << 8 | UInt16(byte(index * 2 + 1))
  }

  /// The first of the longest runs of zero groups; empty when none has two.
  fileprivate var longestZeroRun: Range<Int> {
    var longest = 0..<0
    var index = 0
    while index < 8 {
      var end = index
      while end < 8, group(end) == 0 { end &+= 1 }
      if end &- index > Swift.max(longest.count, 1) { longest = index..<end }
      index = end &+ 1
    }
    return longest
  }
}
