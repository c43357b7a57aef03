/// Version 2: signature, version and command, family, length, addresses, TLVs.
enum ProxyProtocolVersion2 {
  private static let signature: [UInt8] = [
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
  ]
  private static let headByteCount = 16

  /// Version 2 in the upper four bits, the command in the lower four.
  private static let commandLocal: UInt8 = 0x20
  private static let commandProxy: UInt8 = 0x21

  static func read(_ bytes: Span<UInt8>) -> ProxyProtocolHeader.Outcome {
    for index in 0..<min(signature.count, bytes.count) where bytes[index] != signature[index] {
      return .malformed
    }
    guard bytes.count > 12 else { return .incomplete }
    let isLocal = bytes[12] == commandLocal
    guard isLocal || bytes[12] == commandProxy else { return .malformed }
    guard bytes.count > 13 else { return .incomplete }
    // LOCAL: the family and the addresses must be ignored (§2.2).
    guard let addressByteCount = isLocal ? 0 : addressByteCount(family: bytes[13]) else {
      return .malformed
    }
    guard bytes.count >= headByteCount else { return .incomplete }
    let end = headByteCount + (Int(bytes[14]) << 8 | Int(bytes[15]))
    guard end <= ProxyProtocolHeader.byteCountMax, end >= headByteCount + addressByteCount else {
      return .malformed
    }
    guard bytes.count >= end else { return .incomplete }
    guard !isLocal else { return .complete(ProxyProtocolHeader(byteCount: end)) }
    guard let isSecure = isSecure(bytes, headByteCount + addressByteCount..<end) else {
      return .malformed
    }
    return .complete(
      ProxyProtocolHeader(
        client: client(bytes, family: bytes[13]),
        isSecure: isSecure,
        byteCount: end
      )
    )
  }

  /// The bytes of both addresses and ports; nil for an undefined family or one that is not a
  /// stream.
  private static func addressByteCount(family: UInt8) -> Int? {
    switch family {
    case 0x00: 0
    case 0x11: 12
    case 0x21: 36
    case 0x31: 216
    default: nil
    }
  }

  private static func client(_ bytes: Span<UInt8>, family: UInt8) -> PeerAddress? {
    switch family {
    case 0x11:
      var address = InlineArray<4, UInt8>(repeating: 0)
      for index in address.indices { address[index] = bytes[headByteCount + index] }
      return PeerAddress(ipv4: address)
    case 0x21:
      var address = InlineArray<16, UInt8>(repeating: 0)
      for index in address.indices { address[index] = bytes[headByteCount + index] }
      return PeerAddress(ipv6: address)
    default: return nil
    }
  }

  private static let typeChecksum: UInt8 = 0x03
  private static let typeSSL: UInt8 = 0x20

  /// Whether the TLVs in `range` report TLS between client and balancer.
  ///
  /// Nil if they are malformed or the checksum is wrong.
  private static func isSecure(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool? {
    var isSecure = false
    var position = range.lowerBound
    while position < range.upperBound {
      guard position + 3 <= range.upperBound else { return nil }
      let type = bytes[position]
      let value =
        position + 3..<position + 3 + (Int(bytes[position + 1]) << 8 | Int(bytes[position + 2]))
      guard value.upperBound <= range.upperBound else { return nil }
      if type == typeSSL {
        // PP2_TYPE_SSL: one byte of client flags, then four bytes of the verification result.
        guard value.count >= 5 else { return nil }
        isSecure = bytes[value.lowerBound] & 1 != 0
      } else if type == typeChecksum {
        guard value.count == 4, hasChecksum(bytes, at: value, end: range.upperBound) else {
          return nil
        }
      }
      position = value.upperBound
    }
    return isSecure
  }

  /// Whether `value` is the CRC-32C of the header, computed with zeros in place of `value`.
  private static func hasChecksum(_ bytes: Span<UInt8>, at value: Range<Int>, end: Int) -> Bool {
    var checksum = UInt32.max
    var expected: UInt32 = 0
    for index in 0..<end {
      let isValue = value.contains(index)
      if isValue { expected = expected << 8 | UInt32(bytes[index]) }
      checksum ^= UInt32(isValue ? 0 : bytes[index])
      for _ in 0..<8 { checksum = checksum & 1 != 0 ? checksum >> 1 ^ 0x82F6_3B78 : checksum >> 1 }
    }
    return ~checksum == expected
  }
}
