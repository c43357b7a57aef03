/// The client's weights for the content codings.
///
/// Source: RFC 9110 §12.5.3 (`Accept-Encoding`), §12.4.2 (quality values).
package struct AcceptEncoding: Equatable, Sendable {
  /// Weights in thousandths, 0 (not acceptable) to 1000; -1 when the field does not list the
  /// coding.
  private var identity: Int16 = -1
  private var gzip: Int16 = -1
  private var brotli: Int16 = -1
  private var zstandard: Int16 = -1
  private var dictionaryZstandard: Int16 = -1
  private var wildcard: Int16 = -1

  /// The weights of a request without the field: identity only.
  ///
  /// The RFC allows any coding then, but most clients without the field cannot decode one.
  package init() {}

  /// Adds the value of one field line.
  ///
  /// An element that is not a coding with an optional weight is skipped. If a coding occurs twice,
  /// the later weight applies.
  ///
  /// - Parameters:
  ///   - bytes: the buffer that holds the value.
  ///   - range: the value, for example `gzip, br;q=0.5, *;q=0`.
  package mutating func add(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    var items = ListItems(range)
    while let item = items.next(bytes) { addItem(bytes, item) }
  }

  /// The weight of `coding` in thousandths: 0 (not acceptable) to 1000.
  ///
  /// Identity is acceptable unless it is excluded. If the field does not list it, it gets the
  /// lowest weight, 1, so that every listed coding is preferred. `*` does not match `dcz`: a client
  /// with a dictionary lists it (RFC 9842 §6.1).
  package func weight(of coding: ContentCoding) -> Int16 {
    switch coding {
    case .identity: identity >= 0 ? identity : wildcard >= 0 ? wildcard : 1
    case .gzip: named(gzip)
    case .brotli: named(brotli)
    case .zstandard: named(zstandard)
    case .dictionaryZstandard: max(dictionaryZstandard, 0)
    }
  }

  private func named(_ weight: Int16) -> Int16 {
    weight >= 0 ? weight : max(wildcard, 0)
  }

  private mutating func addItem(_ bytes: Span<UInt8>, _ item: Range<Int>) {
    var end = item.lowerBound
    while end < item.upperBound, bytes[end].isTokenCharacter { end &+= 1 }
    let name = item.lowerBound..<end
    guard let weight = QualityValue.parse(bytes, end..<item.upperBound) else { return }
    switch name.count {
    case 1 where bytes[name.lowerBound] == UInt8(ascii: "*"): wildcard = weight
    case 2 where bytes.equals("br", in: name): brotli = weight
    case 3 where bytes.equals("dcz", in: name): dictionaryZstandard = weight
    case 4 where bytes.equals("gzip", in: name): gzip = weight
    case 4 where bytes.equals("zstd", in: name): zstandard = weight
    case 6 where bytes.equals("x-gzip", in: name): gzip = weight
    case 8 where bytes.equals("identity", in: name): identity = weight
    default: break
    }
  }
}

/// A weight such as `;q=0.5`.
///
/// Source: RFC 9110 §12.4.2.
enum QualityValue {
  /// The weight in thousandths; 1000 when `range` is empty, nil when it is malformed.
  static func parse(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int16? {
    var position = range.lowerBound
    skipSpace(bytes, &position, range.upperBound)
    guard position < range.upperBound else { return 1000 }
    guard bytes[position] == UInt8(ascii: ";") else { return nil }
    position &+= 1
    skipSpace(bytes, &position, range.upperBound)
    guard position &+ 2 < range.upperBound, bytes[position] | 0x20 == UInt8(ascii: "q"),
      bytes[position &+ 1] == UInt8(ascii: "=")
    else { return nil }
    return thousandths(bytes, position &+ 2..<range.upperBound)
  }

  /// A qvalue in thousandths: `0` or `1` with up to three decimals, at most 1; nil when malformed.
  private static func thousandths(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int16? {
    guard range.count <= 5 else { return nil }
    let whole = bytes[range.lowerBound] &- UInt8(ascii: "0")
    guard whole <= 1 else { return nil }
    var value = Int16(whole) * 1000
    guard range.count > 1 else { return value }
    guard bytes[range.lowerBound &+ 1] == UInt8(ascii: ".") else { return nil }
    var scale: Int16 = 100
    for index in range.dropFirst(2) {
      let digit = bytes[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value += Int16(digit) * scale
      scale /= 10
    }
    return value <= 1000 ? value : nil
  }

  private static func skipSpace(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) {
    while position < end, bytes[position].isOptionalSpace { position &+= 1 }
  }
}
