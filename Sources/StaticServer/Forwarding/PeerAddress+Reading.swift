/// Parses addresses in the forms that proxies use.
extension PeerAddress {
  /// Parses an IPv4 or IPv6 address without port or brackets.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    let span = bytes.span
    self.init(plain: span, 0..<span.count)
  }

  /// Parses the address in `range`, without port or brackets.
  init?(plain bytes: Span<UInt8>, _ range: Range<Int>) {
    guard let address = Self.ipv4(bytes, range) ?? Self.ipv6(bytes, range) else { return nil }
    self = address
  }

  /// Parses an element of `X-Forwarded-For`; nil for anything else, such as `unknown`.
  ///
  /// Accepts an IPv4 or IPv6 address, with or without brackets (IPv6), with or without a port.
  init?(forwarded bytes: Span<UInt8>, _ range: Range<Int>) {
    var host = range
    if !range.isEmpty, bytes[range.lowerBound] == UInt8(ascii: "[") {
      var close = range.lowerBound
      while close < range.upperBound, bytes[close] != UInt8(ascii: "]") { close &+= 1 }
      guard close < range.upperBound, Self.isPort(bytes, close &+ 1..<range.upperBound) else {
        return nil
      }
      guard let address = Self.ipv6(bytes, range.lowerBound &+ 1..<close) else { return nil }
      self = address
      return
    }
    var colonCount = 0
    var colon = range.upperBound
    for index in range where bytes[index] == UInt8(ascii: ":") {
      colonCount &+= 1
      colon = index
    }
    if colonCount == 1 {
      guard Self.isPort(bytes, colon..<range.upperBound) else { return nil }
      host = range.lowerBound..<colon
    }
    self.init(plain: bytes, host)
  }

  /// Whether `range` is empty, or a colon and one to five digits.
  private static func isPort(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard !range.isEmpty else { return true }
    guard bytes[range.lowerBound] == UInt8(ascii: ":"), (2...6).contains(range.count) else {
      return false
    }
    for index in range.dropFirst() where !bytes[index].isDigit { return false }
    return true
  }

  /// Parses four decimal numbers without leading zeros, which some parsers read as octal.
  private static func ipv4(_ bytes: Span<UInt8>, _ range: Range<Int>) -> PeerAddress? {
    var address = InlineArray<4, UInt8>(repeating: 0)
    var index = range.lowerBound
    for place in 0..<4 {
      if place > 0 {
        guard index < range.upperBound, bytes[index] == UInt8(ascii: ".") else { return nil }
        index &+= 1
      }
      let start = index
      var value = 0
      while index < range.upperBound, bytes[index].isDigit, index &- start < 3 {
        value = value &* 10 &+ Int(bytes[index] &- UInt8(ascii: "0"))
        index &+= 1
      }
      guard index > start, value <= 255, index &- start == 1 || bytes[start] != UInt8(ascii: "0")
      else { return nil }
      address[place] = UInt8(value)
    }
    guard index == range.upperBound else { return nil }
    return PeerAddress(ipv4: address)
  }

  /// Parses groups of one to four hexadecimal digits, at most one `::`, and a trailing IPv4
  /// address.
  ///
  /// An IPv4-mapped address becomes an IPv4 address.
  ///
  /// Source: RFC 4291 §2.2.
  private static func ipv6(_ bytes: Span<UInt8>, _ range: Range<Int>) -> PeerAddress? {
    var address = InlineArray<16, UInt8>(repeating: 0)
    var count = 0
    var gap: Int?
    var index = range.lowerBound
    let end = range.upperBound
    if end &- index >= 2, bytes[index] == UInt8(ascii: ":"), bytes[index &+ 1] == UInt8(ascii: ":")
    {
      gap = 0
      index &+= 2
    }
    while index < end {
      guard count <= 14 else { return nil }
      if count <= 12, let last = ipv4(bytes, index..<end) {
        for place in 0..<4 { address[count &+ place] = last.byte(place) }
        count &+= 4
        index = end
        break
      }
      guard let group = hexadecimal(bytes, &index, end) else { return nil }
      address[count] = UInt8(group >> 8)
      address[count &+ 1] = UInt8(group & 255)
      count &+= 2
      guard index < end else { break }
      guard bytes[index] == UInt8(ascii: ":") else { return nil }
      index &+= 1
      if index < end, bytes[index] == UInt8(ascii: ":") {
        guard gap == nil else { return nil }
        gap = count
        index &+= 1
      } else if index == end {
        return nil
      }
    }
    return expanded(address, count, gap)
  }

  /// The address with the first `count` bytes of `groups`, and zeros inserted at `gap`.
  private static func expanded(
    _ groups: InlineArray<16, UInt8>,
    _ count: Int,
    _ gap: Int?
  ) -> PeerAddress? {
    guard let gap else { return count == 16 ? PeerAddress(ipv6: groups) : nil }
    guard count < 16 else { return nil }
    var address = InlineArray<16, UInt8>(repeating: 0)
    for index in 0..<gap { address[index] = groups[index] }
    for index in gap..<count { address[16 &- count &+ index] = groups[index] }
    return PeerAddress(ipv6: address)
  }

  private static func hexadecimal(
    _ bytes: Span<UInt8>,
    _ index: inout Int,
    _ end: Int
  ) -> UInt16? {
    let start = index
    var value: UInt16 = 0
    while index < end, index &- start < 4, let digit = digit(bytes[index]) {
      value = value << 4 | UInt16(digit)
      index &+= 1
    }
    return index > start ? value : nil
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    if byte.isDigit { return byte &- UInt8(ascii: "0") }
    let letter = (byte | 0x20) &- UInt8(ascii: "a")
    return letter < 6 ? letter &+ 10 : nil
  }
}
