import FuzzSupport

@testable import StaticAssets

/// Lists of entity tags, as in `If-Match` and `If-None-Match`: a tag is found exactly where a naive
/// parser finds it.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  withInput(start, count) { bytes in
    let list = bytes.array
    for tag in ["\"a\"", "\"\"", "\"a-b,c\"", "\"\u{E9}\""].map({ Array($0.utf8) }) {
      for comparison in [EntityTag.Comparison.strong, .weak] {
        let found = EntityTag.list(bytes, 0..<bytes.count, contains: tag.span, by: comparison)
        let expected = naive(list, contains: tag, allowsWeak: comparison == .weak)
        check(found == expected, "\(tag), \(comparison): \(found)")
      }
    }
  }
}

/// RFC 9110 §8.8.3 and §13.1, implemented naively: a malformed item ends the list.
private func naive(_ list: [UInt8], contains tag: [UInt8], allowsWeak: Bool) -> Bool {
  if list == Array("*".utf8) { return true }
  var rest = list[...]
  while true {
    rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ",") }
    let isWeak = rest.starts(with: "W/".utf8)
    if isWeak { rest = rest.dropFirst(2) }
    guard rest.first == UInt8(ascii: "\"") else { return false }
    let opaque = rest.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
    let isValid = opaque.allSatisfy { $0 == 0x21 || (0x23...0x7E).contains($0) || $0 >= 0x80 }
    let item = rest.prefix(opaque.count + 2)
    guard isValid, item.count == opaque.count + 2 else { return false }
    rest = rest.dropFirst(item.count).drop { $0 == 0x20 || $0 == 0x09 }
    guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return false }
    if Array(item) == tag, allowsWeak || !isWeak { return true }
  }
}
