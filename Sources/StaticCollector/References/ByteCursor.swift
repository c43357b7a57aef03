/// Finds the next place of something in a text, for questions from left to right.
///
/// An answer is kept until the questions have passed it, so that asking from every position of a
/// text reads the text once.
struct ByteCursor {
  private let isHere: (_ text: [UInt8], _ index: Int) -> Bool
  private var askedFrom = Int.max
  private var found = -1

  /// A cursor to places where one of `bytes` stands.
  init(anyOf bytes: StaticString) {
    let wanted = Array(bytes.description.utf8)
    isHere = { text, index in wanted.contains(text[index]) }
  }

  /// A cursor to places where one of `bytes` stands and `second` behind it.
  init(anyOf bytes: StaticString, followedBy second: UInt8) {
    let wanted = Array(bytes.description.utf8)
    isHere = { text, index in
      wanted.contains(text[index]) && index + 1 < text.count && text[index + 1] == second
    }
  }

  /// The first such place at or after `start`; the text's count when there is none.
  mutating func next(in text: [UInt8], from start: Int) -> Int {
    if start >= askedFrom, start <= found { return found }
    askedFrom = start
    found = start
    while found < text.count, !isHere(text, found) { found += 1 }
    return found
  }
}
