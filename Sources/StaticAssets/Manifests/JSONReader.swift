/// A pull parser for JSON: the caller requests one value after the other.
///
/// File names in manifests need not be UTF-8. Django writes an undecodable byte as a lone surrogate
/// (`\udcff` for 0xFF); this parser restores the byte. No library parser does that, and the module
/// does not use Foundation.
///
/// Source: RFC 8259; PEP 383 (lone surrogates).
package struct JSONReader {
  /// The document is not valid JSON, or a value has an unexpected type.
  package struct Malformed: Error, Equatable {
    /// Bytes from the start of the document.
    package let offset: Int
    /// The key of a string with a byte that is not allowed; nil for every other fault.
    package var key: String?
  }

  /// The document; strings that have been read are unescaped in place.
  private(set) var bytes: [UInt8]

  /// The index of the first unread byte.
  var position = 0

  /// A reader at the start of the document `bytes`, which is copied at the first escape if the
  /// caller keeps it.
  package init(_ bytes: consuming [UInt8]) {
    self.bytes = bytes
  }

  /// Reads an object.
  ///
  /// `member` is called with each key and must read its value.
  package mutating func object(
    _ member: (inout JSONReader, [UInt8]) throws(Malformed) -> Void
  ) throws(Malformed) {
    try members { (reader, key) throws(Malformed) in
      try member(&reader, Array(reader.bytes[key.range]))
    }
  }

  /// Reads an object like `object`; the keys are slices of `bytes`.
  mutating func members(
    _ member: (inout JSONReader, ByteSlice) throws(Malformed) -> Void
  ) throws(Malformed) {
    try expect("{")
    guard !skip("}") else { return }
    repeat {
      let key = try slice()
      try expect(":")
      try member(&self, key)
    } while skip(",")
    try expect("}")
  }

  /// Reads an array.
  ///
  /// `element` is called for each element and must read it.
  package mutating func array(
    _ element: (inout JSONReader) throws(Malformed) -> Void
  ) throws(Malformed) {
    try expect("[")
    guard !skip("]") else { return }
    repeat { try element(&self) } while skip(",")
    try expect("]")
  }

  /// Reads a string and returns its bytes, unescaped.
  package mutating func string() throws(Malformed) -> [UInt8] {
    Array(bytes[try slice().range])
  }

  /// Reads a string and returns it as a slice of `bytes`, unescaped.
  mutating func slice() throws(Malformed) -> ByteSlice {
    try expect("\"")
    let start = position
    let end = bytes.span.firstIndexOutsideJSONString(from: start)
    guard end < bytes.count else { throw Malformed(offset: end) }
    guard bytes[end] == UInt8(ascii: "\"") else { return try sliceWithEscapes(from: end) }
    position = end + 1
    return ByteSlice(offset: start, count: end - start)
  }

  /// Whether the bytes of `slice` equal `text`.
  func equals(_ slice: ByteSlice, _ text: StaticString) -> Bool {
    guard Int(slice.count) == text.utf8CodeUnitCount else { return false }
    let start = slice.range.lowerBound
    for index in 0..<Int(slice.count) {
      // A StaticString's bytes live as long as the process and `index` is below their count.
      guard unsafe bytes[start + index] == text.utf8Start[index] else { return false }
    }
    return true
  }

  /// Reads `true` or `false`.
  package mutating func boolean() throws(Malformed) -> Bool {
    skipSpace()
    let isTrue = position < bytes.count && bytes[position] == UInt8(ascii: "t")
    try literal(isTrue ? "true" : "false")
    return isTrue
  }

  /// Reads a value of any type and discards it; nesting beyond 64 levels is malformed.
  package mutating func skipValue(depth: Int = 0) throws(Malformed) {
    skipSpace()
    guard position < bytes.count, depth < 64 else { throw Malformed(offset: position) }
    switch bytes[position] {
    case UInt8(ascii: "{"):
      try members { (reader, _) throws(Malformed) in try reader.skipValue(depth: depth + 1) }
    case UInt8(ascii: "["):
      try array { (reader) throws(Malformed) in try reader.skipValue(depth: depth + 1) }
    case UInt8(ascii: "\""): _ = try slice()
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    default: _ = try number()
    }
  }

  /// Checks that only white space follows the last value.
  package mutating func end() throws(Malformed) {
    skipSpace()
    guard position == bytes.count else { throw Malformed(offset: position) }
  }

  /// Reads the rest of a string with escapes and unescapes it in place: an escape is never shorter
  /// than the bytes it represents.
  ///
  /// - Parameter first: the index of its first escape.
  private mutating func sliceWithEscapes(from first: Int) throws(Malformed) -> ByteSlice {
    let start = position
    var end = first
    position = first
    var escaped: [UInt8] = []
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      guard bytes[position] == UInt8(ascii: "\\") else {
        guard isPlain(bytes[position]) else { throw Malformed(offset: position) }
        bytes[end] = bytes[position]
        end += 1
        position += 1
        continue
      }
      escaped.removeAll(keepingCapacity: true)
      try escape(into: &escaped)
      for byte in escaped {
        bytes[end] = byte
        end += 1
      }
    }
    guard position < bytes.count else { throw Malformed(offset: position) }
    position += 1
    return ByteSlice(offset: start, count: end - start)
  }

  private mutating func escape(into text: inout [UInt8]) throws(Malformed) {
    guard position + 1 < bytes.count else { throw Malformed(offset: position) }
    let kind = bytes[position + 1]
    position += 2
    switch kind {
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): try appendCodeUnit(to: &text)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(kind)
    default: throw Malformed(offset: position)
    }
  }

  private mutating func appendCodeUnit(to text: inout [UInt8]) throws(Malformed) {
    let first = try hexCodeUnit()
    if let scalar = Unicode.Scalar(first) {
      text.append(contentsOf: Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter))
    } else if first < 0xDC00, let second = followingLowSurrogate() {
      let code = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
      let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
      text.append(contentsOf: Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter))
    } else if first >= 0xDC80, first <= 0xDCFF {
      text.append(UInt8(first - 0xDC00))
    } else {
      text.append(contentsOf: Array(UTF8.encodedReplacementCharacter))
    }
  }

  private mutating func followingLowSurrogate() -> UInt16? {
    let start = position
    guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { return nil }
    position += 2
    if let unit = try? hexCodeUnit(), unit >= 0xDC00, unit <= 0xDFFF { return unit }
    position = start
    return nil
  }

  private mutating func hexCodeUnit() throws(Malformed) -> UInt16 {
    guard position + 4 <= bytes.count else { throw Malformed(offset: position) }
    var unit: UInt16 = 0
    for index in position..<position + 4 {
      guard let digit = bytes[index].hexadecimalDigit else { throw Malformed(offset: index) }
      unit = unit << 4 | UInt16(digit)
    }
    position += 4
    return unit
  }

  private mutating func literal(_ word: StaticString) throws(Malformed) {
    for scalar in word.description.unicodeScalars {
      guard take(scalar) else { throw Malformed(offset: position) }
    }
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(Malformed) {
    guard skip(character) else { throw Malformed(offset: position) }
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    return take(character)
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func skipSpace() {
    while position < bytes.count, isSpace(bytes[position]) { position += 1 }
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  /// Whether the byte is allowed unescaped in a string (RFC 8259 §7).
  private func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }
}
