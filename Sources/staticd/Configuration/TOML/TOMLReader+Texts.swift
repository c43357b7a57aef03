extension TOMLReader {
  /// A literal string: `'…'` from its opening quote on, `'''…'''` from after its opening quotes.
  mutating func readLiteralText(isLong: Bool) throws(TOMLError) -> String {
    try readText(quote: UInt8(ascii: "'"), isLong: isLong)
  }

  /// A basic string: `"…"` from its opening quote on, `"""…"""` from after its opening quotes.
  mutating func readBasicText(isLong: Bool) throws(TOMLError) -> String {
    try readText(quote: UInt8(ascii: "\""), isLong: isLong)
  }

  private mutating func readText(quote: UInt8, isLong: Bool) throws(TOMLError) -> String {
    // A line end right after the opening quotes is not part of the string.
    if isLong { _ = skipLineEnd() } else { position += 1 }
    var text: [UInt8] = []
    while let byte = peek() {
      if byte == quote {
        if isEnd(quote, isLong: isLong, &text) { return String(decoding: text, as: UTF8.self) }
      } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        position += 1
        try readEscape(isLong: isLong, &text)
      } else if isLong, skipLineEnd() {
        text.append(UInt8(ascii: "\n"))
      } else {
        guard !byte.isControl else { break }
        text.append(byte)
        position += 1
      }
    }
    throw error("the text does not end, or has a control character")
  }

  /// Whether the next quotes end the string; up to two of them may belong to a multi-line one.
  private mutating func isEnd(_ quote: UInt8, isLong: Bool, _ text: inout [UInt8]) -> Bool {
    guard isLong else {
      position += 1
      return true
    }
    let count = bytes[position...].prefix(5).prefix { $0 == quote }.count
    position += count
    text += Array(repeating: quote, count: count >= 3 ? count - 3 : count)
    return count >= 3
  }

  /// Reads an escape sequence from after its backslash.
  private mutating func readEscape(isLong: Bool, _ text: inout [UInt8]) throws(TOMLError) {
    if isLong, skipFoldedLines() { return }
    guard let byte = peek() else { throw error("the text does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "b"): text.append(8)
    case UInt8(ascii: "t"): text.append(9)
    case UInt8(ascii: "n"): text.append(10)
    case UInt8(ascii: "f"): text.append(12)
    case UInt8(ascii: "r"): text.append(13)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(byte)
    case UInt8(ascii: "u"): text += try readScalar(digits: 4)
    case UInt8(ascii: "U"): text += try readScalar(digits: 8)
    default:
      position -= 1
      throw error("unknown escape sequence")
    }
  }

  /// Skips the white space and line ends after a backslash at the end of a line.
  private mutating func skipFoldedLines() -> Bool {
    let start = position
    skipSpace()
    guard skipLineEnd() else {
      position = start
      return false
    }
    repeat { skipSpace() } while skipLineEnd()
    return true
  }

  private mutating func readScalar(digits: Int) throws(TOMLError) -> [UInt8] {
    let text = bytes[position...].prefix(digits)
    guard text.count == digits,
      let value = TOMLScalar.number(text, radix: 16).flatMap(UInt32.init(exactly:)),
      let scalar = Unicode.Scalar(value)
    else { throw error("\(digits) hexadecimal digits of a character should stand here") }
    position += digits
    return Array(String(scalar).utf8)
  }
}
