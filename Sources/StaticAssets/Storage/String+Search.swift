/// String search without `_StringProcessing`, which makes a static executable a tenth larger.
extension StringProtocol {
  /// The range of the first occurrence of `text`, compared by bytes; `text` must not be empty.
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

  /// Whether the string contains `text`.
  package func contains(text: String) -> Bool { firstRange(ofText: text) != nil }
}

extension String {
  /// The text with every `old`, which must not be empty, replaced by `new`.
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
  /// Whether the bytes contain `part`, which must not be empty.
  package func contains(part: ArraySlice<UInt8>) -> Bool {
    indices.contains { self[$0...].starts(with: part) }
  }
}
