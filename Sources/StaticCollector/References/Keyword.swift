/// A word that is matched in any case, as with Python's `re.IGNORECASE`.
struct Keyword {
  private let letters: [UInt8]

  /// The word `text` in lower-case ASCII.
  init(_ text: StaticString) {
    letters = Array(text.description.utf8)
  }

  /// The index after the word if it starts at `start`; nil otherwise.
  func end(in text: [UInt8], at start: Int) -> Int? {
    guard start < text.count else { return nil }
    // Almost every position of a text fails here.
    let first = text[start]
    guard first | 0x20 == letters[0] | 0x20 || first >= 0x80 else { return nil }
    var index = start
    for letter in letters {
      guard let byteCount = Self.byteCount(of: letter, in: text, at: index) else { return nil }
      index += byteCount
    }
    return index
  }

  /// The number of bytes of the character at `index` if it is `letter` in any case.
  private static func byteCount(of letter: UInt8, in text: [UInt8], at index: Int) -> Int? {
    guard index < text.count else { return nil }
    let byte = text[index]
    if byte == letter { return 1 }
    if letter &- UInt8(ascii: "a") < 26, byte | 0x20 == letter { return 1 }
    guard byte >= 0x80, index + 1 < text.count else { return nil }
    // Non-ASCII characters that are ASCII letters in another case: dotted capital I, dotless small
    // i, and long s.
    switch (letter, byte, text[index + 1]) {
    case (UInt8(ascii: "i"), 0xC4, 0xB0), (UInt8(ascii: "i"), 0xC4, 0xB1),
      (UInt8(ascii: "s"), 0xC5, 0xBF):
      return 2
    default:
      return nil
    }
  }
}
