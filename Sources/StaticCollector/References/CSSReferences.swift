internal import StaticAssets

/// Finds references in style sheets, in one pass over the text for each form.
enum CSSReferences {
  /// `url(URL)`, `url('URL')`, `url("URL")`.
  ///
  /// `url\((?P<quote>['"]{0,1})\s*(?P<url>.*?)(?P=quote)\)`: the quote is matched if the same quote
  /// and a parenthesis close it on the same line; otherwise it is a part of the URL.
  static func urls(in text: [UInt8]) -> [ReferenceMatch] {
    var matches: [ReferenceMatch] = []
    var lines = ByteCursor(anyOf: "\n")
    var parentheses = ByteCursor(anyOf: ")")
    var singles = ByteCursor(anyOf: "'", followedBy: UInt8(ascii: ")"))
    var doubles = ByteCursor(anyOf: "\"", followedBy: UInt8(ascii: ")"))
    let keyword = Keyword("url(")
    var index = 0
    while index < text.count {
      guard let open = keyword.end(in: text, at: index) else {
        index += 1
        continue
      }
      var close: Int?
      var start = open
      var quoteCount = 0
      if open < text.count, [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(text[open]) {
        start = UnicodeText.skipWhitespace(text, from: open + 1)
        let lineEnd = lines.next(in: text, from: start)
        let end =
          text[open] == UInt8(ascii: "'")
          ? singles.next(in: text, from: start) : doubles.next(in: text, from: start)
        if end < lineEnd { (close, quoteCount) = (end, 1) }
      }
      if close == nil {
        start = UnicodeText.skipWhitespace(text, from: open)
        let lineEnd = lines.next(in: text, from: start)
        let end = parentheses.next(in: text, from: start)
        if end < lineEnd { close = end }
      }
      guard let close else {
        index += 1
        continue
      }
      let end = close + quoteCount + 1
      matches.append(match(index..<end, start..<close, "url(\"", "\")"))
      index = end
    }
    return matches
  }

  /// `url(URL)` before Django 6.0, where quotes need not match.
  ///
  /// `url\(['"]{0,1}\s*(?P<url>.*?)["']{0,1}\)`: the URL ends at the first parenthesis on its line,
  /// or at a quote directly before that.
  static func looseURLs(in text: [UInt8]) -> [ReferenceMatch] {
    let quotes = [UInt8(ascii: "'"), UInt8(ascii: "\"")]
    var matches: [ReferenceMatch] = []
    var lines = ByteCursor(anyOf: "\n")
    var parentheses = ByteCursor(anyOf: ")")
    let keyword = Keyword("url(")
    var index = 0
    while index < text.count {
      guard let open = keyword.end(in: text, at: index) else {
        index += 1
        continue
      }
      let isQuoted = open < text.count && quotes.contains(text[open])
      let start = UnicodeText.skipWhitespace(text, from: isQuoted ? open + 1 : open)
      let close = parentheses.next(in: text, from: start)
      guard close < lines.next(in: text, from: start) else {
        index += 1
        continue
      }
      let isClosed = close > start && quotes.contains(text[close - 1])
      let url = start..<(isClosed ? close - 1 : close)
      matches.append(match(index..<close + 1, url, "url(\"", "\")"))
      index = close + 1
    }
    return matches
  }

  /// `@import "URL"`: `@import\s*["']\s*(?P<url>.*?)["']`.
  static func imports(in text: [UInt8]) -> [ReferenceMatch] {
    var matches: [ReferenceMatch] = []
    var lines = ByteCursor(anyOf: "\n")
    var quotes = ByteCursor(anyOf: "\"'")
    let keyword = Keyword("@import")
    var index = 0
    while index < text.count {
      guard let end = keyword.end(in: text, at: index) else {
        index += 1
        continue
      }
      let open = UnicodeText.skipWhitespace(text, from: end)
      guard open < text.count, [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(text[open]) else {
        index += 1
        continue
      }
      let start = UnicodeText.skipWhitespace(text, from: open + 1)
      let close = quotes.next(in: text, from: start)
      guard close < lines.next(in: text, from: start) else {
        index += 1
        continue
      }
      matches.append(match(index..<close + 1, start..<close, "@import url(\"", "\")"))
      index = close + 1
    }
    return matches
  }

  /// `/*# sourceMappingURL=URL */` on a line of its own.
  ///
  /// `(?m)^/\*#[ \t](?-i:sourceMappingURL)=(?P<url>.*)[ \t]*\*/$`: the URL ends at the last `*/`
  /// and includes the space before it.
  static func sourceMaps(in text: [UInt8]) -> [ReferenceMatch] {
    var matches: [ReferenceMatch] = []
    for line in TextLines(text) {
      let bytes = text[line]
      guard bytes.starts(with: "/*#".utf8), bytes.suffix(2).elementsEqual("*/".utf8) else {
        continue
      }
      let rest = bytes.dropFirst(3)
      guard let space = rest.first, space == 0x20 || space == 0x09,
        rest.dropFirst().starts(with: "sourceMappingURL=".utf8)
      else { continue }
      let start = rest.startIndex + 1 + "sourceMappingURL=".utf8.count
      let end = line.upperBound - 2
      guard start <= end else { continue }
      matches.append(match(line, start..<end, "/*# sourceMappingURL=", " */"))
    }
    return matches
  }

  private static func match(
    _ range: Range<Int>,
    _ url: Range<Int>,
    _ before: StaticString,
    _ after: StaticString
  ) -> ReferenceMatch {
    ReferenceMatch(
      range: range,
      url: url,
      before: Array(before.description.utf8),
      after: Array(after.description.utf8)
    )
  }
}

/// The lines of a text without their line feeds; a carriage return is a part of its line.
struct TextLines: Sequence, IteratorProtocol {
  private let text: [UInt8]
  private var position = 0
  private var isDone = false

  init(_ text: [UInt8]) {
    self.text = text
  }

  mutating func next() -> Range<Int>? {
    guard !isDone else { return nil }
    let start = position
    let end = text[start...].firstIndex(of: 0x0A) ?? text.count
    position = end + 1
    isDone = end == text.count
    return start..<end
  }
}
