import Testing

@testable import StaticAssets

/// Manifests as text, well formed and malformed.
@Suite struct JSONReaderTests {
  @Test(
    "strings",
    arguments: [
      (#""a""#, Array("a".utf8)), (#""""#, []), (#" "a b" "#, Array("a b".utf8)),
      (#""\"\\\/\b\f\n\r\t""#, [0x22, 0x5C, 0x2F, 0x08, 0x0C, 0x0A, 0x0D, 0x09]),
      (#""\u00e9\u2713""#, Array("é✓".utf8)), (#""\ud83d\ude00""#, Array("😀".utf8)),
      // PEP 383: a byte that is not UTF-8.
      (#""\udcff""#, [0xFF]), (#""a\udc80b""#, [0x61, 0x80, 0x62]),
      (#""\ud83d""#, Array("\u{FFFD}".utf8)), (#""\ud83dx""#, Array("\u{FFFD}x".utf8)),
      (#""\ud83d\u0041""#, Array("\u{FFFD}A".utf8)),
    ]
  )
  func strings(text: String, expected: [UInt8]) throws {
    var reader = JSONReader(Array(text.utf8))
    let string = try reader.string()
    try reader.end()
    #expect(string == expected)
  }

  @Test(
    "malformed text is rejected without a trap",
    arguments: [
      "", "{", "}", "[", "\"", "\"\\", "\"\\u", "\"\\u12", "\"\\uzzzz\"", "\"\\x\"", "{\"a\"}",
      "{\"a\":}", "{\"a\":1,}", "{a:1}", "[1,]", "[1 2]", "{\"a\":1}}", "tru e",
      // A sign is not a hexadecimal digit.
      "\"\\u-000\"", "\"\\u+041\"",
      // RFC 8259 §7: control characters are escaped.
      "\"a\nb\"", "\"\\t\u{1F}\"",
      // §3 and §6.
      "tru", "truefalse", "True", "nul", "NaN", "-", "--1", "01", "-01", "+1", ".5", "1.", "1.e2",
      "1e", "1e+", "1-1", "1.2.3",
      String(repeating: "[", count: 100_000),
    ]
  )
  func malformed(text: String) {
    #expect(throws: JSONReader.Malformed.self) {
      var reader = JSONReader(Array(text.utf8))
      try reader.skipValue()
      try reader.end()
    }
  }

  @Test(
    "whole numbers",
    arguments: [
      ("0", 0), ("-0", 0), (" 900 ", 900), ("-12", -12), ("9223372036854775807", Int64.max),
      ("-9223372036854775808", Int64.min), ("9223372036854775808", nil),
      ("-9223372036854775809", nil), ("", nil), ("-", nil),
      ("+1", nil), ("007", nil), ("1.0", nil), ("1e3", nil), ("a", nil),
    ] as [(String, Int64?)]
  )
  func integers(text: String, expected: Int64?) {
    var reader = JSONReader(Array(text.utf8))
    let number = try? reader.integer()
    let isRead = number != nil && (try? reader.end()) != nil
    #expect((isRead ? number : nil) == expected)
  }

  @Test(
    "any value is skipped as a whole",
    arguments: [
      "1", "0", "-0.0", "10E-2", "-1.5e+3", "true", "false", "null", "\"a\\\"b\"", "[]", "{}",
      "[1, [2, {\"a\": []}], \"]\"]",
      "{\"a\": {\"b\": \"}\"}, \"c\": [1]}",
    ]
  )
  func skips(text: String) throws {
    var reader = JSONReader(Array(text.utf8))
    try reader.skipValue()
    try reader.end()
  }

  @Test("slices contain the document's unescaped text")
  func slices() throws {
    var reader = JSONReader(Array(#"{"a\u00e9": "\"x\ud83d\ude00", "b": "\\\\"}"#.utf8))
    var texts: [String] = []
    try reader.members { (reader, key) throws(JSONReader.Malformed) in
      let value = try reader.slice()
      for slice in [key, value] {
        texts.append(String(decoding: reader.bytes[slice.range], as: UTF8.self))
      }
    }
    try reader.end()
    #expect(texts == ["aé", "\"x😀", "b", "\\\\"])
  }
}
