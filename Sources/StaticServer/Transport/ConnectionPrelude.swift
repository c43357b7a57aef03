/// What a load balancer tells of a connection before its first byte: the PROXY protocol.
///
/// Source: The PROXY protocol, versions 1 & 2, HAProxy Technologies, revision of 2020/03/05.
struct ConnectionPrelude: Equatable {
  /// The client that the balancer accepted; nil when the connection is the balancer's own, such as
  /// a health check, or of a kind without addresses.
  var client: PeerAddress?
  /// Whether the client came to the balancer over TLS; version 2 alone can tell.
  var isSecure = false
  /// Bytes that the prelude takes; what follows is the client's.
  var byteCount: Int

  /// What stands at the start of a connection.
  enum Outcome: Equatable {
    case complete(ConnectionPrelude)
    /// A beginning of one.
    case incomplete
    /// No prelude, whatever follows: the connection is to be closed without an answer.
    case malformed
  }

  /// The most bytes that a prelude of version 2 may have; balancers send less than 600.
  static let byteCountMax = 2048

  /// Reads the prelude at the start of `bytes`; each byte that cannot belong to one is refused as
  /// soon as it is there.
  static func read(_ bytes: Span<UInt8>) -> Outcome {
    guard !bytes.isEmpty else { return .incomplete }
    return bytes[0] == UInt8(ascii: "P") ? TextPrelude.read(bytes) : BinaryPrelude.read(bytes)
  }
}

/// Version 1: `PROXY TCP4 192.0.2.1 192.0.2.2 56324 443` and CRLF.
private enum TextPrelude {
  /// Bytes of the longest line, its CRLF included.
  private static let byteCountMax = 107

  static func read(_ bytes: Span<UInt8>) -> ConnectionPrelude.Outcome {
    let form: StaticString = "PROXY "
    for index in 0..<min(form.utf8CodeUnitCount, bytes.count) {
      // `index` is below the literal's count.
      guard unsafe form.utf8Start[index] == bytes[index] else { return .malformed }
    }
    var end = 0
    while end < bytes.count, bytes[end] != UInt8(ascii: "\r") {
      guard (0x20..<0x7F).contains(bytes[end]), end < byteCountMax - 2 else { return .malformed }
      end += 1
    }
    guard end < bytes.count else { return .incomplete }
    guard end + 1 < bytes.count else { return .incomplete }
    guard bytes[end + 1] == UInt8(ascii: "\n") else { return .malformed }
    return line(bytes, form.utf8CodeUnitCount..<max(end, form.utf8CodeUnitCount), end + 2)
  }

  /// Reads what stands between `PROXY ` and CRLF.
  private static func line(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    _ byteCount: Int
  ) -> ConnectionPrelude.Outcome {
    var words = Words(range)
    guard let family = words.next(bytes) else { return .malformed }
    // Whatever addresses follow are to be ignored.
    if isUnknown(bytes, family) { return .complete(ConnectionPrelude(byteCount: byteCount)) }
    guard let kind = kind(bytes, family),
      let client = address(bytes, &words, kind), address(bytes, &words, kind) != nil,
      isPort(bytes, words.next(bytes)), isPort(bytes, words.next(bytes)), words.isAtEnd
    else { return .malformed }
    return .complete(ConnectionPrelude(client: client, byteCount: byteCount))
  }

  private static func isUnknown(_ bytes: Span<UInt8>, _ word: Range<Int>) -> Bool {
    spells("UNKNOWN", bytes, word)
  }

  private static func kind(_ bytes: Span<UInt8>, _ word: Range<Int>) -> PeerAddress.Kind? {
    if spells("TCP4", bytes, word) { return .ipv4 }
    return spells("TCP6", bytes, word) ? .ipv6 : nil
  }

  private static func spells(
    _ text: StaticString,
    _ bytes: Span<UInt8>,
    _ word: Range<Int>
  ) -> Bool {
    guard word.count == text.utf8CodeUnitCount else { return false }
    for index in 0..<word.count
    where unsafe text.utf8Start[index] != bytes[word.lowerBound + index] {
      return false
    }
    return true
  }

  private static func address(
    _ bytes: Span<UInt8>,
    _ words: inout Words,
    _ kind: PeerAddress.Kind
  ) -> PeerAddress? {
    guard let word = words.next(bytes) else { return nil }
    var hasColon = false
    for index in word where bytes[index] == UInt8(ascii: ":") { hasColon = true }
    // A mapped IPv4 address counts as the IPv6 one that it is written as.
    guard hasColon == (kind == .ipv6) else { return nil }
    return PeerAddress(plain: bytes, word)
  }

  /// Whether `word` is a port without leading zeros.
  private static func isPort(_ bytes: Span<UInt8>, _ word: Range<Int>?) -> Bool {
    guard let word, (1...5).contains(word.count) else { return false }
    guard word.count == 1 || bytes[word.lowerBound] != UInt8(ascii: "0") else { return false }
    var value = 0
    for index in word {
      guard bytes[index].isDigit else { return false }
      value = value * 10 + Int(bytes[index] - UInt8(ascii: "0"))
    }
    return value <= 65535
  }

  /// Words with one space between each two.
  private struct Words {
    private var position: Int
    private let end: Int

    init(_ range: Range<Int>) {
      position = range.lowerBound
      end = range.upperBound
    }

    /// Whether all were taken, and no space stands after the last.
    var isAtEnd: Bool { position == end + 1 }

    mutating func next(_ bytes: Span<UInt8>) -> Range<Int>? {
      guard position <= end else { return nil }
      var stop = position
      while stop < end, bytes[stop] != UInt8(ascii: " ") { stop += 1 }
      defer { position = stop + 1 }
      return stop > position ? position..<stop : nil
    }
  }
}

/// Version 2: a signature, command, family, length, addresses, and values with a type each.
private enum BinaryPrelude {
  private static let signature: [UInt8] = [
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
  ]
  private static let headByteCount = 16

  /// What is known of the connection: the second byte's lower half.
  private static let commandLocal: UInt8 = 0x20
  private static let commandProxy: UInt8 = 0x21

  static func read(_ bytes: Span<UInt8>) -> ConnectionPrelude.Outcome {
    for index in 0..<min(signature.count, bytes.count) where bytes[index] != signature[index] {
      return .malformed
    }
    guard bytes.count > 12 else { return .incomplete }
    let isLocal = bytes[12] == commandLocal
    guard isLocal || bytes[12] == commandProxy else { return .malformed }
    guard bytes.count > 13 else { return .incomplete }
    // A balancer's own connection may name any family: it is to be ignored.
    guard let addressByteCount = isLocal ? 0 : addressByteCount(family: bytes[13]) else {
      return .malformed
    }
    guard bytes.count >= headByteCount else { return .incomplete }
    let end = headByteCount + (Int(bytes[14]) << 8 | Int(bytes[15]))
    guard end <= ConnectionPrelude.byteCountMax, end >= headByteCount + addressByteCount else {
      return .malformed
    }
    guard bytes.count >= end else { return .incomplete }
    guard !isLocal else { return .complete(ConnectionPrelude(byteCount: end)) }
    guard let isSecure = isSecure(bytes, headByteCount + addressByteCount..<end) else {
      return .malformed
    }
    return .complete(
      ConnectionPrelude(
        client: client(bytes, family: bytes[13]),
        isSecure: isSecure,
        byteCount: end
      )
    )
  }

  /// Bytes of both addresses with their ports; nil for what is no stream, or not defined.
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

  /// Whether the values in `range` say that the client used TLS; nil when they are not well formed
  /// or their checksum is wrong.
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
        // Client bits, then the result of the verification in four bytes.
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

  /// Whether the CRC-32C of the whole prelude, with zeros in the place of `value`, is `value`.
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
