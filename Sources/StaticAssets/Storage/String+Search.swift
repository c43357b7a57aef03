/// What the module of regular expressions would be imported for: it makes a static executable larger
/// by a tenth.
extension StringProtocol {
  /// Where `text` stands first, by its bytes; `text` is not empty.
  package func firstRange(ofText text: String) -> Range<Index>? {
    var start = utf8.startIndex
    while let found = utf8[start...].firstIndex(of: text.utf8.first ?? 0) {
      if utf8[found...].starts(with: text.utf8) {
        return found..<utf8.index(found, offsetBy: text.utf8.count)
      }
      start = utf8.index(after: found)
    }
    return nil
  }

  /// Whether `text` stands in it.
  package func contains(text: String) -> Bool { firstRange(ofText: text) != nil }
}

extension String {
  /// The text with `new` in the place of every `old`, which is not empty.
  package func replacing(text old: String, with new: String) -> String {
    var result = ""
    var rest = self[...]
    while let range = rest.firstRange(ofText: old) {
      result += rest[..<range.lowerBound]
      result += new
      rest = rest[range.upperBound...]
    }
    return result + rest
  }
}

extension [UInt8] {
  /// Whether `part`, which is not empty, stands in them.
  package func contains(part: ArraySlice<UInt8>) -> Bool {
    indices.contains { self[$0...].starts(with: part) }
  }
}
