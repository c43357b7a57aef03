/// Version 1: `PROXY TCP4 192.0.2.1 192.0.2.2 56324 443` and CRLF.
enum ProxyProtocolVersion1 {
  /// The longest line with its CRLF, in bytes.
  private static let byteCountMax = 107

  static func read(_ bytes: Span<UInt8>) -> ProxyProtocolHeader.Outcome {
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

  /// Reads the text between `PROXY ` and CRLF.
  private static func line(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>,
    _ byteCount: Int
  ) -> ProxyProtocolHeader.Outcome {
    var words = Words(range)
    guard let family = words.next(bytes) else { return .malformed }
    // Addresses after UNKNOWN must be ignored (§2.1).
    if isUnknown(bytes, family) { return .complete(ProxyProtocolHeader(byteCount: byteCount)) }
    guard let kind = kind(bytes, family),
      let client = address(bytes, &words, kind), address(bytes, &words, kind) != nil,
      isPort(bytes, words.next(bytes)), isPort(bytes, words.next(bytes)), words.isAtEnd
    else { return .malformed }
    return .complete(ProxyProtocolHeader(client: client, byteCount: byteCount))
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
    // An IPv4-mapped address is valid for TCP6 only, although `PeerAddress` stores it as IPv4.
    guard hasColon == (kind == .ipv6) else { return nil }
    return PeerAddress(plain: bytes, word)
  }

  /// Whether `word` is a port number without leading zeros.
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

  /// Words that are separated by exactly one space.
  private struct Words {
    private var position: Int
    private let end: Int

    init(_ range: Range<Int>) {
      position = range.lowerBound
      end = range.upperBound
    }

    /// Whether all words were read and no space follows the last.
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
