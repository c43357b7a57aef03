import FuzzSupport

@testable import StaticAssets

/// `Available-Dictionary`: the digest is that of a naive parser of RFC 9651 §4.2.7, or nil.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  withInput(start, count) { bytes in
    let value = bytes.array
    let digest = AvailableDictionary.parse(value.span, 0..<value.count)
    let found = digest.map { digest in (0..<32).map { digest[$0] } }
    check(found == naiveDigest(value), "\(value): \(String(describing: found))")
    // The offset in the buffer does not matter.
    let moved = [0x3A] + value + [0x3A]
    let again = AvailableDictionary.parse(moved.span, 1..<(value.count + 1))
    check(again.map { digest in (0..<32).map { digest[$0] } } == found, "\(value), moved")
  }
}

/// A byte sequence of 32 bytes between colons, in base64 with or without its padding.
private func naiveDigest(_ value: [UInt8]) -> [UInt8]? {
  var text = value.map { Character(UnicodeScalar($0)) }
  guard text.count > 1, text.removeFirst() == ":", text.removeLast() == ":" else { return nil }
  if text.count % 4 == 0, text.last == "=" { text.removeLast() }
  let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  var bits: [Bool] = []
  for character in text {
    guard let number = digits.firstIndex(of: character) else { return nil }
    bits += (0..<6).reversed().map { number >> $0 & 1 == 1 }
  }
  guard bits.count == 258 else { return nil }
  return (0..<32).map { byte in
    bits[byte * 8..<byte * 8 + 8].reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
  }
}
