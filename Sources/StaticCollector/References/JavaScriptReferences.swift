internal import StaticAssets

/// Finds references in scripts, in one pass over the text for each form.
enum JavaScriptReferences {
  /// `//# sourceMappingURL=URL` on a line of its own; the URL ends with the line.
  static func sourceMaps(in text: [UInt8]) -> [ReferenceMatch] {
    let keyword = Array("//# sourceMappingURL=".utf8)
    var matches: [ReferenceMatch] = []
    for line in TextLines(text) where text[line].starts(with: keyword) {
      let url = line.lowerBound + keyword.count..<line.upperBound
      matches.append(ReferenceMatch(range: line, url: url, before: keyword, after: []))
    }
    return matches
  }

  /// `import CLAUSE from "URL"` or `export CLAUSE from "URL"`.
  ///
  /// `import(?P<import>[\s\{][^;]*?|\*\s*as\s*\w+)\s*from\s*['"](?P<url>[./].*?)["']`; for `export`
  /// without the second alternative.
  ///
  /// Before 6.1, the first alternative is `(?s:[\s\{].*?)`, and `\s*;` must follow.
  static func clauses(
    _ keyword: StaticString,
    in text: [UInt8],
    _ rules: DjangoRules
  ) -> [ReferenceMatch] {
    var finder = ClauseFinder(text, keyword, rules)
    let allowsNamespace = rules.knowsNamespaces && keyword.description == "import"
    return scan(keyword, in: text) { end in
      if let found = finder.clause(from: end) { return found }
      return allowsNamespace ? finder.namespace(from: end) : nil
    }
  }

  /// `import "URL"`: `import\s*['"](?P<url>[./].*?)["']`, before 6.1 followed by `\s*;`.
  static func imports(in text: [UInt8], _ rules: DjangoRules) -> [ReferenceMatch] {
    var specifiers = SpecifierFinder(text, needsSemicolon: rules.needsSemicolons)
    return scan("import", in: text) { end in
      let quote = UnicodeText.skipWhitespace(text, from: end)
      guard let url = specifiers.quoted(at: quote) else { return nil }
      return Found(
        end: specifiers.end(behind: url),
        url: url,
        before: Array("import\"".utf8),
        after: rules.needsSemicolons ? "\";" : "\""
      )
    }
  }

  /// `import("URL")`: `import\(["'](?P<url>[./].*?)["']\)`, before 6.1 with any URL.
  static func dynamicImports(in text: [UInt8], _ rules: DjangoRules) -> [ReferenceMatch] {
    var specifiers = SpecifierFinder(text, needsSemicolon: false)
    let takesAny = rules < .v6_1
    return scan("import(", in: text) { end in
      guard let url = specifiers.quotedBeforeParenthesis(at: end, takesAny: takesAny) else {
        return nil
      }
      return Found(
        end: url.upperBound + 2,
        url: url,
        before: Array("import(\"".utf8),
        after: "\")"
      )
    }
  }

  /// The match after a keyword.
  struct Found {
    let end: Int
    let url: Range<Int>
    let before: [UInt8]
    let after: StaticString
  }

  /// Every occurrence of `keyword` for which `find`, called with the index after it, returns a
  /// match.
  private static func scan(
    _ keyword: StaticString,
    in text: [UInt8],
    _ find: (Int) -> Found?
  ) -> [ReferenceMatch] {
    var matches: [ReferenceMatch] = []
    let keyword = Keyword(keyword)
    var index = 0
    while index < text.count {
      guard let end = keyword.end(in: text, at: index), let found = find(end) else {
        index += 1
        continue
      }
      matches.append(
        ReferenceMatch(
          range: index..<found.end,
          url: found.url,
          before: found.before,
          after: Array(found.after.description.utf8)
        )
      )
      index = found.end
    }
    return matches
  }
}

/// Finds the next quote that is followed by optional white space and a semicolon.
private struct StatementEndCursor {
  private var asked = Int.max
  private var found = 0
  /// The index after the semicolon.
  private(set) var end = 0

  /// The index of the quote at or after `start`; the text's length if there is none.
  ///
  /// If the starts ascend, the text is read only once.
  mutating func next(in text: [UInt8], from start: Int) -> Int {
    if asked <= start, start <= found { return found }
    asked = start
    var index = start
    while index < text.count {
      if [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(text[index]) {
        let semicolon = UnicodeText.skipWhitespace(text, from: index + 1)
        if semicolon < text.count, text[semicolon] == UInt8(ascii: ";") {
          (found, end) = (index, semicolon + 1)
          return found
        }
      }
      index += 1
    }
    (found, end) = (text.count, text.count)
    return found
  }
}

/// Finds quoted URLs that begin with a dot or a slash.
private struct SpecifierFinder {
  private let text: [UInt8]
  private let needsSemicolon: Bool
  private var statementEnds = StatementEndCursor()
  private var lines = ByteCursor(anyOf: "\n")
  private var quotes = ByteCursor(anyOf: "\"'")
  private var closings: (single: ByteCursor, double: ByteCursor)

  /// - Parameter needsSemicolon: whether white space and a semicolon must follow.
  init(_ text: [UInt8], needsSemicolon: Bool) {
    self.text = text
    self.needsSemicolon = needsSemicolon
    let parenthesis = UInt8(ascii: ")")
    closings = (
      ByteCursor(anyOf: "'", followedBy: parenthesis),
      ByteCursor(anyOf: "\"", followedBy: parenthesis)
    )
  }

  /// The URL in the quotes that open at `index`: up to the first quote of either kind.
  mutating func quoted(at index: Int) -> Range<Int>? {
    guard isOpening(index) else { return nil }
    let end =
      needsSemicolon
      ? statementEnds.next(in: text, from: index + 2) : quotes.next(in: text, from: index + 2)
    return end < lines.next(in: text, from: index + 2) ? index + 1..<end : nil
  }

  /// The end of the match of the last URL: after its quote or the semicolon.
  func end(behind url: Range<Int>) -> Int {
    needsSemicolon ? statementEnds.end : url.upperBound + 1
  }

  /// The URL in the quotes that open at `index`: up to the first quote before a parenthesis.
  ///
  /// - Parameter takesAny: whether it may begin with any character, and be empty.
  mutating func quotedBeforeParenthesis(at index: Int, takesAny: Bool) -> Range<Int>? {
    guard takesAny ? isQuote(index) : isOpening(index) else { return nil }
    let start = takesAny ? index + 1 : index + 2
    let end = min(
      closings.single.next(in: text, from: start),
      closings.double.next(in: text, from: start)
    )
    return end < lines.next(in: text, from: start) ? index + 1..<end : nil
  }

  private func isQuote(_ index: Int) -> Bool {
    index < text.count && [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(text[index])
  }

  private func isOpening(_ index: Int) -> Bool {
    index + 1 < text.count && isQuote(index)
      && [UInt8(ascii: "."), UInt8(ascii: "/")].contains(text[index + 1])
  }
}

/// Finds `CLAUSE from "URL"`.
private struct ClauseFinder {
  private let text: [UInt8]
  private let keyword: [UInt8]
  /// Whether a semicolon must end the statement; otherwise a semicolon ends the clause.
  private let needsSemicolon: Bool
  private var specifiers: SpecifierFinder
  private var semicolons = ByteCursor(anyOf: ";")
  /// The next `from "URL"`, reused until a search starts after it.
  private var source: Source?
  private var askedFrom = Int.max

  /// `from "URL"`: the start of the word, and the URL.
  private struct Source {
    let start: Int
    let url: Range<Int>
    /// The index after it.
    let end: Int
  }

  private static let asWord = Keyword("as")
  private static let fromWord = Keyword("from")

  /// - Parameter keyword: the word before the clause, in lower case as Django writes it.
  init(_ text: [UInt8], _ keyword: StaticString, _ rules: DjangoRules) {
    self.text = text
    self.keyword = Array(keyword.description.utf8)
    needsSemicolon = rules.needsSemicolons
    specifiers = SpecifierFinder(text, needsSemicolon: needsSemicolon)
  }

  /// ` CLAUSE from "URL"` at `start`: white space or a brace, then any characters.
  ///
  /// From 6.1 on, the clause must not contain a semicolon.
  mutating func clause(from start: Int) -> JavaScriptReferences.Found? {
    guard start < text.count, let (first, byteCount) = UnicodeText.scalar(text, at: start),
      first == "{" || UnicodeText.isWhitespace(first)
    else { return nil }
    let clauseMin = start + byteCount
    guard let source = nextSource(from: clauseMin),
      needsSemicolon || semicolons.next(in: text, from: clauseMin) >= source.start
    else { return nil }
    // The match is the shortest: white space before `from` is not a part of the clause.
    var end = source.start
    while let previous = whitespaceStart(before: end), previous >= clauseMin { end = previous }
    return found(text[start..<end], source)
  }

  /// `* as NAME from "URL"` at `start`.
  mutating func namespace(from start: Int) -> JavaScriptReferences.Found? {
    guard start < text.count, text[start] == UInt8(ascii: "*") else { return nil }
    let word = UnicodeText.skipWhitespace(text, from: start + 1)
    guard let asEnd = Self.asWord.end(in: text, at: word) else { return nil }
    let nameStart = UnicodeText.skipWhitespace(text, from: asEnd)
    var nameEnd = UnicodeText.skipWord(text, from: nameStart)
    // Backtracks: the name is shortened until `from` follows it.
    while nameEnd > nameStart {
      let fromStart = UnicodeText.skipWhitespace(text, from: nameEnd)
      if let source = source(at: fromStart) { return found(text[start..<nameEnd], source) }
      nameEnd -= 1
      while nameEnd > nameStart, text[nameEnd] & 0xC0 == 0x80 { nameEnd -= 1 }
    }
    return nil
  }

  private func found(
    _ clause: ArraySlice<UInt8>,
    _ source: Source
  ) -> JavaScriptReferences.Found {
    JavaScriptReferences.Found(
      end: source.end,
      url: source.url,
      before: keyword + clause + Array(" from \"".utf8),
      after: needsSemicolon ? "\";" : "\""
    )
  }

  /// The first `from "URL"` that starts at or after `start`.
  private mutating func nextSource(from start: Int) -> Source? {
    if start >= askedFrom, source.map({ start <= $0.start }) ?? true { return source }
    askedFrom = start
    source = nil
    var index = start
    while index + 4 < text.count {
      if let found = source(at: index) {
        source = found
        break
      }
      index += 1
    }
    return source
  }

  private mutating func source(at index: Int) -> Source? {
    guard let end = Self.fromWord.end(in: text, at: index) else { return nil }
    let quote = UnicodeText.skipWhitespace(text, from: end)
    guard let url = specifiers.quoted(at: quote) else { return nil }
    return Source(start: index, url: url, end: specifiers.end(behind: url))
  }

  /// The start of the white-space character that ends at `end`.
  private func whitespaceStart(before end: Int) -> Int? {
    var start = end - 1
    while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
    guard start >= 0, let (value, byteCount) = UnicodeText.scalar(text, at: start),
      start + byteCount == end, UnicodeText.isWhitespace(value)
    else { return nil }
    return start
  }
}
