/// Writes addresses as RFC 5952 requires, in every field and in the log.
///
/// Lower case, no leading zeros; `::` replaces the longest run of at least two zero groups, the
/// first of equally long ones (§4). An IPv4-mapped address, `::ffff:0:0/96`, is stored and written
/// as IPv4. No other address is written with a dotted part (§5).
extension ByteBuffer {
  /// Appends an address, at most 39 bytes; `unix` for the client of a Unix socket.
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
  /// Group `index`, 0 to 7, of an IPv6 address.
  fileprivate func group(_ index: Int) -> UInt16 {
    UInt16(byte(index * 2)) << 8 | UInt16(byte(index * 2 + 1))
  }

  /// The first of the longest runs of zero groups; empty if no run has two groups.
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
