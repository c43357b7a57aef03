/// The parts of a text in which references are skipped: comments, strings, escapes.
///
/// Source: `_css_ignored_re` and `_js_ignored_re` of Django 6.1.
struct IgnoredBlocks {
  /// The syntax of the text.
  enum Syntax {
    case css, javaScript
  }

  private var finder: BlockFinder
  /// The last block that was found: the first that ends after the last position, if there is one.
  private var block = 0..<0

  /// The blocks of `text`, which are searched on demand.
  init(_ text: [UInt8], _ syntax: Syntax) {
    finder = BlockFinder(text, syntax)
  }

  /// Whether `position` is inside a block and not its start.
  ///
  /// Positions must be passed in ascending order.
  mutating func contains(_ position: Int) -> Bool {
    while block.upperBound <= position, let next = finder.next() { block = next }
    return block.lowerBound < position && position < block.upperBound
  }
}

/// Finds the blocks from left to right; the first rule that matches at a position applies.
private struct BlockFinder {
  private let text: [UInt8]
  private let isJavaScript: Bool
  private var index = 0
  /// False once no comment can be closed any more, so that a text full of `/*` is read only once.
  private var commentsEnd = true

  init(_ text: [UInt8], _ syntax: IgnoredBlocks.Syntax) {
    self.text = text
    isJavaScript = syntax == .javaScript
  }

  /// The next block; nil if there is none.
  mutating func next() -> Range<Int>? {
    while index < text.count {
      let start = index
      if let end = blockEnd(start) {
        index = end
        return start..<end
      }
      index += 1
    }
    return nil
  }

  private mutating func blockEnd(_ start: Int) -> Int? {
    switch text[start] {
    case UInt8(ascii: "/"):
      guard start + 1 < text.count else { return nil }
      if text[start + 1] == UInt8(ascii: "*") { return commentEnd(start) }
      guard isJavaScript, text[start + 1] == UInt8(ascii: "/") else { return nil }
      return text[start...].firstIndex(of: 0x0A) ?? text.count
    case UInt8(ascii: "\\"):
      return start + 1 < text.count ? start + 2 : nil
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      return stringEnd(start, spansLines: false)
    case UInt8(ascii: "`") where isJavaScript:
      return stringEnd(start, spansLines: true)
    default:
      return nil
    }
  }

  private mutating func commentEnd(_ start: Int) -> Int? {
    guard commentsEnd else { return nil }
    var index = start + 2
    while index + 1 < text.count {
      if text[index] == UInt8(ascii: "*"), text[index + 1] == UInt8(ascii: "/") {
        return index + 2
      }
      index += 1
    }
    commentsEnd = false
    return nil
  }

  /// The index after the quote that closes the one at `start`; nil if it is not closed.
  private func stringEnd(_ start: Int, spansLines: Bool) -> Int? {
    let quote = text[start]
    var index = start + 1
    while index < text.count {
      let byte = text[index]
      if byte == quote { return index + 1 }
      if byte == 0x0A, !spansLines { return nil }
      index += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }
}
