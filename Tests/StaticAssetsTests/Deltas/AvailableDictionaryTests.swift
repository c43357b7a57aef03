import Testing

@testable import StaticAssets

/// Parsing `Available-Dictionary`.
///
/// Goal: a digest is accepted exactly if the value is one byte sequence of 32 bytes.
@Suite struct AvailableDictionaryTests {
  /// The example of RFC 9842 §2.2.
  private static let digits = "pZGm1Av0IEBKARczz7exkNYsZb8LzaMrV7J32a2fFG4="
  private static let digest = "a591a6d40bf420404a011733cfb7b190d62c65bf0bcda32b57b277d9ad9f146e"

  private func read(_ value: String) -> String? {
    let bytes = Array("x: \(value)\r\n".utf8)
    let digest = AvailableDictionary.parse(bytes.span, 3..<(bytes.count - 2))
    return digest.map { digest in
      (0..<32).map { hexadecimal(digest[$0]) }.joined()
    }
  }

  private func hexadecimal(_ byte: UInt8) -> String {
    let text = String(byte, radix: 16)
    return text.count == 1 ? "0\(text)" : text
  }

  @Test(
    "one byte sequence of 32 bytes",
    arguments: [
      ":\(digits):",
      // RFC 9651 §4.2.7: no padding, and padding bits that are not zero.
      ":\(digits.dropLast()):",
      ":\(digits.dropLast(2))5=:", ":\(digits.dropLast(2))7:",
    ]
  )
  func accepted(value: String) {
    #expect(read(value) == Self.digest)
  }

  @Test(
    "other values are ignored",
    arguments: [
      "", ":", "::", ":=:", "\(digits)", ":\(digits)", "\(digits):", ":\(digits):;a=1",
      ":\(digits): ", " :\(digits):", ":\(digits):, :\(digits):", ":\(digits)=:",
      ":\(digits.dropLast(2)):", ":\(digits.dropLast(2))==:", ":A\(digits):",
      ":\(digits.dropLast(3))-4=:", ":\(digits.dropLast(3))_4=:", ":\(digits.dropLast(3)) 4=:",
      "\"\(digits)\"", ":=\(digits.dropFirst()):", "?1", "(:\(digits):)",
    ]
  )
  func refused(value: String) {
    #expect(read(value) == nil)
  }
}
