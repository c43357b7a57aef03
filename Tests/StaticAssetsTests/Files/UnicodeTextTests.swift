import Testing

@testable import StaticAssets

/// UTF-8 in names that may not be UTF-8.
///
/// Goal: exactly the well-formed sequences of Unicode are decoded. Method: every first byte,
/// followed by bytes around the limits, compared with the standard library.
@Suite struct UnicodeTextTests {
  @Test("decodes a scalar if the standard library does", arguments: UInt8.min...UInt8.max)
  func scalars(first: UInt8) {
    for second: UInt8 in [0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0] {
      for third: UInt8 in [0x41, 0x7F, 0x80, 0xBF, 0xC0] {
        for fourth: UInt8 in [0x41, 0x7F, 0x80, 0xBF, 0xC0] {
          let bytes = [first, second, third, fourth]
          for count in 1...4 { compare(Array(bytes.prefix(count))) }
        }
      }
    }
  }

  private func compare(_ bytes: [UInt8]) {
    let found = UnicodeText.scalar(bytes, at: 0)
    let expected = (1...bytes.count).lazy.compactMap { count in
      String(validating: bytes.prefix(count), as: UTF8.self)?.unicodeScalars.first.map {
        (value: $0, byteCount: count)
      }
    }.first
    #expect(found?.value == expected?.value, "\(bytes)")
    #expect(found?.byteCount == expected?.byteCount, "\(bytes)")
  }
}
