import FuzzSupport

@testable import StaticCollector

/// The regular expressions of Django 6.1's `HashedFilesMixin`, transcribed.
enum DjangoPatterns {
  static func reference(_ pattern: ReferencePattern) -> Pattern {
    switch pattern {
    case .cssURL:
      .sequence([
        word("url("), .quote(.maybe(quoteMark)), space, .url(.few(inLine)), .sameQuote, word(")"),
      ])
    case .cssImport:
      .sequence([word("@import"), space, quoteMark, space, .url(.few(inLine)), quoteMark])
    case .cssSourceMap:
      .sequence([
        .lineStart, word("/*#"), .one(of: " \t"), .text("sourceMappingURL"), word("="),
        .url(.many(inLine)), .many(.one(of: " \t")), word("*/"), .lineEnd,
      ])
    case .jsSourceMap:
      .sequence([
        .lineStart, word("//# "), .text("sourceMappingURL"), word("="), .url(.many(inLine)),
        .lineEnd,
      ])
    case .jsImportFrom:
      .sequence([word("import"), .either([clause, namespace]), source])
    case .jsExportFrom:
      .sequence([word("export"), clause, source])
    case .jsImport:
      .sequence([word("import"), space, specifier])
    case .jsDynamicImport:
      .sequence([word("import("), specifier, word(")")])
    }
  }

  /// `_css_ignored_re` and `_js_ignored_re`, with DOTALL.
  static func ignored(_ syntax: IgnoredBlocks.Syntax) -> Pattern {
    let comment = Pattern.sequence([.text("/*"), .few(any), .text("*/")])
    let lineComment = Pattern.sequence([.text("//"), .many(inLine)])
    let quoted = [escape, string("'", ends: "\n"), string("\"", ends: "\n")]
    return switch syntax {
    case .css: .either([comment] + quoted)
    case .javaScript: .either([comment, lineComment] + quoted + [string("`", ends: "")])
    }
  }

  private static let any = Pattern.one { _ in true }
  private static let inLine = Pattern.one(notOf: "\n")
  private static let quoteMark = Pattern.one(of: "'\"")
  private static let escape = Pattern.sequence([.text("\\"), any])
  private static let space = Pattern.many(.one(isSpace))

  private static let clause = Pattern.sequence([
    .either([.one(isSpace), .one(of: "{")]), .few(.one(notOf: ";")),
  ])
  private static let namespace = Pattern.sequence([
    word("*"), space, word("as"), space, .many(.one(isWordCharacter), min: 1),
  ])
  private static let source = Pattern.sequence([space, word("from"), space, specifier])
  private static let specifier = Pattern.sequence([
    quoteMark, .url(.sequence([.one(of: "./"), .few(inLine)])), quoteMark,
  ])

  private static func string(_ quote: String, ends: String) -> Pattern {
    .sequence([
      .text(quote), .many(.either([.one(notOf: quote + "\\" + ends), escape])), .text(quote),
    ])
  }

  /// `text` with IGNORECASE.
  private static func word(_ text: String) -> Pattern {
    .sequence(text.unicodeScalars.map { letter in .one { isSame($0, letter) } })
  }

  /// Equality under Python's IGNORECASE, which also folds three letters of other alphabets.
  @Sendable private static func isSame(_ scalar: Unicode.Scalar, _ letter: Unicode.Scalar) -> Bool {
    if scalar == letter { return true }
    switch (letter, scalar) {
    case ("i", "\u{130}"), ("i", "\u{131}"), ("s", "\u{17F}"), ("k", "\u{212A}"): return true
    case ("a"..."z", "A"..."Z"): return scalar.value + 32 == letter.value
    default: return false
    }
  }

  /// `str.isspace()`.
  @Sendable private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    "\t\n\u{B}\u{C}\r\u{1C}\u{1D}\u{1E}\u{1F} \u{85}\u{A0}\u{1680}\u{2028}\u{2029}\u{202F}\u{205F}"
      .unicodeScalars.contains(scalar)
      || scalar == "\u{3000}" || ("\u{2000}"..."\u{200A}").contains(scalar)
  }

  /// `str.isalnum()`, and the underscore.
  @Sendable private static func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.numericType != nil
      || [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter]
        .contains(scalar.properties.generalCategory)
  }
}
