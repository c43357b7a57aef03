/// One reference to another file in a text.
struct ReferenceMatch: Equatable {
  /// The range that is replaced.
  let range: Range<Int>
  /// The URL in this range.
  let url: Range<Int>
  /// The text before and after the new URL.
  let before: [UInt8]
  let after: [UInt8]
}

/// The forms of references that Django rewrites, in its order.
///
/// Each is searched in the text that the previous ones have rewritten.
///
/// Source: `HashedFilesMixin.patterns` and `_js_module_import_aggregation_patterns`.
enum ReferencePattern: CaseIterable {
  /// `url(…)`
  case cssURL
  /// `@import "…"`
  case cssImport
  /// `/*# sourceMappingURL=… */` as a whole line.
  case cssSourceMap
  /// `//# sourceMappingURL=…` as a whole line.
  case jsSourceMap
  /// `import … from "…"`
  case jsImportFrom
  /// `export … from "…"`
  case jsExportFrom
  /// `import "…"`
  case jsImport
  /// `import("…")`
  case jsDynamicImport

  /// The patterns for the file `name`; none if its references are not rewritten.
  static func patterns(forFileNamed name: [UInt8], jsModules: Bool) -> [ReferencePattern] {
    if name.suffix(4) == Array(".css".utf8) { return [.cssURL, .cssImport, .cssSourceMap] }
    guard name.suffix(3) == Array(".js".utf8) else { return [] }
    let modules: [ReferencePattern] = [
      .jsImportFrom, .jsExportFrom, .jsImport, .jsDynamicImport,
    ]
    return jsModules ? [.jsSourceMap] + modules : [.jsSourceMap]
  }

  /// The syntax that decides where references of this form are skipped.
  var syntax: IgnoredBlocks.Syntax {
    switch self {
    case .cssURL, .cssImport, .cssSourceMap: .css
    case .jsSourceMap, .jsImportFrom, .jsExportFrom, .jsImport, .jsDynamicImport: .javaScript
    }
  }

  /// Whether the reference is to a source map, which only developer tools load.
  var isSourceMap: Bool { self == .cssSourceMap || self == .jsSourceMap }

  /// All matches in `text`, from left to right, without overlaps.
  func matches(in text: [UInt8], _ rules: DjangoRules) -> [ReferenceMatch] {
    switch self {
    case .cssURL:
      rules.matchesQuotes ? CSSReferences.urls(in: text) : CSSReferences.looseURLs(in: text)
    case .cssImport: CSSReferences.imports(in: text)
    case .cssSourceMap: CSSReferences.sourceMaps(in: text)
    case .jsSourceMap: JavaScriptReferences.sourceMaps(in: text)
    case .jsImportFrom: JavaScriptReferences.clauses("import", in: text, rules)
    case .jsExportFrom: JavaScriptReferences.clauses("export", in: text, rules)
    case .jsImport: JavaScriptReferences.imports(in: text, rules)
    case .jsDynamicImport: JavaScriptReferences.dynamicImports(in: text, rules)
    }
  }
}
