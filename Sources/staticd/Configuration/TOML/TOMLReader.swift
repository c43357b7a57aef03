/// Reads a document of TOML 1.0.0. https://toml.io/en/v1.0.0
///
/// The maintained TOML library for Swift contains a C++ parser and needs Foundation: more code than
/// the whole program, to read one file.
struct TOMLReader {
  let bytes: [UInt8]
  var position = 0
  /// The current line, from 1.
  private(set) var line = 1

  /// The maximum nesting of arrays and tables, which bounds the recursion.
  static let depthMax = 100

  /// Reads a document.
  ///
  /// - Throws: `TOMLError` for the first error.
  static func read(_ text: String) throws(TOMLError) -> TOMLTable {
    var reader = TOMLReader(bytes: Array(text.utf8))
    if reader.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.position = 3 }
    return try reader.readDocument()
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func readDocument() throws(TOMLError) -> TOMLTable {
    let document = TOMLTable(.header)
    var table = document
    while true {
      try skipBlank()
      guard let byte = peek() else { return document }
      let start = line
      if byte == UInt8(ascii: "[") {
        let isElement = skip("[[")
        if !isElement { position += 1 }
        skipSpace()
        let path = try readPath()
        try expect(isElement ? "]]" : "]")
        table = try document.begin(path, isElement: isElement, line: start)
      } else {
        try readPair(into: table, depth: 0)
      }
      try endLine()
    }
  }

  /// Reads a pair, `key = value`.
  private mutating func readPair(into table: TOMLTable, depth: Int) throws(TOMLError) {
    let start = line
    let path = try readPath()
    try expect("=")
    skipSpace()
    try table.add(try readValue(depth: depth), path, line: start)
  }

  /// Reads a dotted key and the space after it.
  private mutating func readPath() throws(TOMLError) -> [String] {
    var path: [String] = []
    repeat {
      guard path.count < Self.depthMax else { throw error("a key with too many parts") }
      skipSpace()
      path.append(try readKey())
      skipSpace()
    } while skip(".")
    return path
  }

  private mutating func readKey() throws(TOMLError) -> String {
    if peek() == UInt8(ascii: "\"") { return try readBasicText(isLong: false) }
    if peek() == UInt8(ascii: "'") { return try readLiteralText(isLong: false) }
    let start = position
    while let byte = peek(), byte.isBareKey { position += 1 }
    guard position > start else { throw error("a key should stand here") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func readValue(depth: Int) throws(TOMLError) -> TOMLValue {
    guard depth < Self.depthMax else { throw error("too many arrays and tables in one another") }
    switch peek() {
    case UInt8(ascii: "\"")?: return .text(try readBasicText(isLong: skip("\"\"\"")))
    case UInt8(ascii: "'")?: return .text(try readLiteralText(isLong: skip("'''")))
    case UInt8(ascii: "[")?: return try readArray(depth: depth)
    case UInt8(ascii: "{")?: return try readInlineTable(depth: depth)
    default: return try readScalar()
    }
  }

  private mutating func readArray(depth: Int) throws(TOMLError) -> TOMLValue {
    position += 1
    var elements: [TOMLValue] = []
    while true {
      try skipBlank()
      if skip("]") { return .array(elements) }
      elements.append(try readValue(depth: depth + 1))
      try skipBlank()
      if skip("]") { return .array(elements) }
      try expect(",")
    }
  }

  private mutating func readInlineTable(depth: Int) throws(TOMLError) -> TOMLValue {
    position += 1
    let table = TOMLTable(.value)
    skipSpace()
    guard !skip("}") else { return .table(table) }
    while true {
      try readPair(into: table, depth: depth + 1)
      skipSpace()
      if skip("}") { return .table(table) }
      try expect(",")
    }
  }

  /// Reads a value without delimiters: everything up to a character that cannot be part of one.
  private mutating func readScalar() throws(TOMLError) -> TOMLValue {
    let start = position
    skipScalar()
    // A space may separate date and time.
    if TOMLScalar.isDate(bytes[start..<position]), peek() == UInt8(ascii: " "),
      let next = peek(1), next.isDigit
    {
      position += 1
      skipScalar()
    }
    guard let value = TOMLScalar.value(bytes[start..<position]) else {
      let isEmpty = position == start
      position = start
      throw error(isEmpty ? "a value should stand here" : "this is no value")
    }
    return value
  }

  private mutating func skipScalar() {
    while let byte = peek(), byte.isBareKey || ":+.".utf8.contains(byte) { position += 1 }
  }
}

extension TOMLReader {
  func peek(_ distance: Int = 0) -> UInt8? {
    position + distance < bytes.count ? bytes[position + distance] : nil
  }

  /// Skips `text` if it comes next.
  mutating func skip(_ text: StaticString) -> Bool {
    let next = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard unsafe bytes[position...].starts(with: next) else { return false }
    position += text.utf8CodeUnitCount
    return true
  }

  mutating func skipSpace() {
    while peek() == UInt8(ascii: " ") || peek() == UInt8(ascii: "\t") { position += 1 }
  }

  /// Skips a line end if it comes next.
  mutating func skipLineEnd() -> Bool {
    guard skip("\n") || skip("\r\n") else { return false }
    line += 1
    return true
  }

  /// Skips `text`, which must come next, and space before it.
  private mutating func expect(_ text: StaticString) throws(TOMLError) {
    skipSpace()
    guard skip(text) else { throw error("'\(text)' should stand here") }
  }

  /// Skips space, comments and line ends.
  private mutating func skipBlank() throws(TOMLError) {
    repeat {
      skipSpace()
      try skipComment()
    } while skipLineEnd()
  }

  /// Reads the end of the line after a header or a pair.
  private mutating func endLine() throws(TOMLError) {
    skipSpace()
    try skipComment()
    guard peek() == nil || skipLineEnd() else { throw error("the line should end here") }
  }

  private mutating func skipComment() throws(TOMLError) {
    guard skip("#") else { return }
    while let byte = peek(), byte != UInt8(ascii: "\n"), !bytes[position...].starts(with: [13, 10])
    {
      guard !byte.isControl else { throw error("a control character in a comment") }
      position += 1
    }
  }

  func error(_ reason: String) -> TOMLError {
    guard let byte = peek(), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") else {
      return TOMLError(line, "\(reason), where the line ends")
    }
    let rest = bytes[position...].prefix { !$0.isControl }
    return TOMLError(line, "\(reason): '\(String(decoding: rest, as: UTF8.self).prefix(20))'")
  }
}

extension UInt8 {
  var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
  fileprivate var isBareKey: Bool {
    isDigit || (self | 0x20) &- UInt8(ascii: "a") < 26 || self == UInt8(ascii: "-")
      || self == UInt8(ascii: "_")
  }
  /// Control characters other than tab are not allowed in strings, comments and keys.
  var isControl: Bool { self < 0x20 && self != UInt8(ascii: "\t") || self == 0x7F }
}
