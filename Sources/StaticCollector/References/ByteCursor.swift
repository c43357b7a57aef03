/// Finds the next occurrence of something in a text, for searches from left to right.
///
/// A result is reused until a search starts after it, so that searches from every position read the
/// text only once.
struct ByteCursor {
  private let isHere: (_ text: [UInt8], _ index: Int) -> Bool
  private var askedFrom = Int.max
  private var found = -1

  /// A cursor to positions with one of `bytes`.
  init(anyOf bytes: StaticString) {
    let wanted = Array(bytes.description.utf8)
    isHere = { text, index in wanted.contains(text[index]) }
  }

  /// A cursor to positions with one of `bytes` followed by `second`.
  init(anyOf bytes: StaticString, followedBy second: UInt8) {
    let wanted = Array(bytes.description.utf8)
    isHere = { text, index in
      wanted.contains(text[index]) && index + 1 < text.count && text[index + 1] == second
    }
  }

  /// The first such position at or after `start`; the length of the text if there is none.
  mutating func next(in text: [UInt8], from start: Int) -> Int {
    if start >= askedFrom, start <= found { return found }
    askedFrom = start
    found = start
    while found < text.count, !isHere(text, found) { found += 1 }
    return found
  }
}
