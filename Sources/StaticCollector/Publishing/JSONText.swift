internal import StaticAssets

/// JSON as Python's `json.dumps` writes it: ASCII, one line, a space after `:` and `,`.
package struct JSONText: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// Adds text that is JSON already.
  package mutating func add(_ text: StaticString) {
    unsafe bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    )
  }

  /// Adds other JSON text.
  package mutating func add(_ text: JSONText) {
    bytes += text.bytes
  }

  /// Adds a number.
  package mutating func add(_ number: Int) {
    bytes += Array(String(number).utf8)
  }

  /// Adds a string; bytes that are not UTF-8 become lone surrogates, as in Python's file names.
  package mutating func add(string: [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    if string.allSatisfy(Self.standsForItself) {
      bytes += string
    } else {
      for character in PythonCharacters.of(string) { add(character) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func standsForItself(_ byte: UInt8) -> Bool {
    0x20...0x7E ~= byte && byte != 0x22 && byte != 0x5C
  }

  private mutating func add(_ character: UInt32) {
    switch character {
    case 0x22: add("\\\"")
    case 0x5C: add("\\\\")
    case 0x08: add("\\b")
    case 0x0C: add("\\f")
    case 0x0A: add("\\n")
    case 0x0D: add("\\r")
    case 0x09: add("\\t")
    case 0x20...0x7E: bytes.append(UInt8(character))
    case 0x10000...:
      add(codeUnit: 0xD800 + (character - 0x10000) >> 10)
      add(codeUnit: 0xDC00 + (character - 0x10000) & 0x3FF)
    default: add(codeUnit: character)
    }
  }

  private mutating func add(codeUnit: UInt32) {
    let digits = String(codeUnit, radix: 16)
    bytes += Array("\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
  }
}
