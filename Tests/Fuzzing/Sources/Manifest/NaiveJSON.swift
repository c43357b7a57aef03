/// A JSON document, parsed by the grammar of RFC 8259 into a tree.
indirect enum NaiveJSON {
  case string([UInt8])
  case number(String)
  /// `true`, `false` or `null`.
  case literal
  case array([NaiveJSON])
  case object([(key: [UInt8], value: NaiveJSON)])

  /// The value of `text`; nil if it is not a document.
  static func read(_ text: [UInt8]) -> NaiveJSON? {
    var rest = text[...]
    guard let value = value(&rest, depth: 0) else { return nil }
    skipSpace(&rest)
    return rest.isEmpty ? value : nil
  }

  /// The nesting depth: 1 for a value without any inside.
  var depth: Int {
    switch self {
    case .array(let elements): 1 + (elements.map(\.depth).max() ?? 0)
    case .object(let members): 1 + (members.map(\.value.depth).max() ?? 0)
    default: 1
    }
  }

  /// All strings in it, including keys.
  var strings: [[UInt8]] {
    switch self {
    case .string(let text): [text]
    case .array(let elements): elements.flatMap(\.strings)
    case .object(let members): members.flatMap { [$0.key] + $0.value.strings }
    default: []
    }
  }

  private static func value(_ rest: inout ArraySlice<UInt8>, depth: Int) -> NaiveJSON? {
    // Deeper than any parser supports; all of them reject such documents.
    guard depth < 100 else { return nil }
    skipSpace(&rest)
    for literal in ["true", "false", "null"] where rest.starts(with: literal.utf8) {
      rest = rest.dropFirst(literal.utf8.count)
      return .literal
    }
    switch rest.first {
    case UInt8(ascii: "\""):
      return string(&rest).map(NaiveJSON.string)
    case UInt8(ascii: "["):
      return list(&rest, "[", "]") { rest in value(&rest, depth: depth + 1) }
        .map(NaiveJSON.array)
    case UInt8(ascii: "{"):
      let members = list(&rest, "{", "}") { rest -> ([UInt8], NaiveJSON)? in
        skipSpace(&rest)
        guard let key = string(&rest), take(":", &rest) else { return nil }
        return value(&rest, depth: depth + 1).map { (key, $0) }
      }
      return members.map { .object($0.map { (key: $0.0, value: $0.1) }) }
    default:
      return number(&rest)
    }
  }

  private static func list<Element>(
    _ rest: inout ArraySlice<UInt8>,
    _ open: Character,
    _ close: Character,
    _ element: (inout ArraySlice<UInt8>) -> Element?
  ) -> [Element]? {
    guard take(open, &rest) else { return nil }
    if take(close, &rest) { return [] }
    var elements: [Element] = []
    repeat {
      guard let next = element(&rest) else { return nil }
      elements.append(next)
    } while take(",", &rest)
    return take(close, &rest) ? elements : nil
  }

  private static func number(_ rest: inout ArraySlice<UInt8>) -> NaiveJSON? {
    let before = rest
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    let whole = digits(&rest)
    guard whole == "0" || (!whole.isEmpty && !whole.hasPrefix("0")) else { return nil }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard !digits(&rest).isEmpty else { return nil }
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest.removeFirst()
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
      guard !digits(&rest).isEmpty else { return nil }
    }
    return .number(String(decoding: before.prefix(before.count - rest.count), as: UTF8.self))
  }

  private static func digits(_ rest: inout ArraySlice<UInt8>) -> String {
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    rest = rest.dropFirst(digits.count)
    return String(decoding: digits, as: UTF8.self)
  }

  private static func string(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
    var units: [Unit] = []
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""): return Unit.bytes(of: units)
      case 0..<0x20: return nil
      case UInt8(ascii: "\\"):
        guard let unit = escaped(&rest) else { return nil }
        units.append(unit)
      default: units.append(.byte(byte))
      }
    }
    return nil
  }

  private static func escaped(_ rest: inout ArraySlice<UInt8>) -> Unit? {
    guard let kind = rest.popFirst() else { return nil }
    let simple: [Character: UInt8] = [
      "\"": 0x22, "\\": 0x5C, "/": 0x2F, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9,
    ]
    if let byte = simple[Character(UnicodeScalar(kind))] { return .byte(byte) }
    let digits = rest.prefix(4)
    guard kind == UInt8(ascii: "u"), digits.count == 4 else { return nil }
    rest = rest.dropFirst(4)
    var value: UInt16 = 0
    for digit in digits {
      let character = Character(UnicodeScalar(digit))
      guard character.isASCII, let worth = character.hexDigitValue else { return nil }
      value = value * 16 + UInt16(worth)
    }
    return .code(value)
  }

  private static func take(_ character: Character, _ rest: inout ArraySlice<UInt8>) -> Bool {
    skipSpace(&rest)
    guard rest.first == character.asciiValue else { return false }
    rest.removeFirst()
    return true
  }

  private static func skipSpace(_ rest: inout ArraySlice<UInt8>) {
    rest = rest.drop { " \t\r\n".utf8.contains($0) }
  }
}

/// A unit of a string: an unescaped byte, or an escaped UTF-16 code unit.
private enum Unit {
  case byte(UInt8)
  case code(UInt16)

  /// The text in UTF-8; a lone surrogate that stands for a byte becomes that byte (PEP 383).
  static func bytes(of units: [Unit]) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while index < units.count {
      switch units[index] {
      case .byte(let byte): result.append(byte)
      case .code(let first):
        if index + 1 < units.count, case .code(let second) = units[index + 1],
          UTF16.isLeadSurrogate(first), UTF16.isTrailSurrogate(second)
        {
          result += String(decoding: [first, second], as: UTF16.self).utf8
          index += 1
        } else if (0xDC80...0xDCFF).contains(first) {
          result.append(UInt8(first & 0xFF))
        } else {
          result += String(decoding: [first], as: UTF16.self).utf8
        }
      }
      index += 1
    }
    return result
  }
}
