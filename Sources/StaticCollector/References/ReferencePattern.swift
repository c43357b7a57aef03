/// One place in a text that names another file.
struct ReferenceMatch: Equatable {
  /// What is replaced.
  let range: Range<Int>
  /// The URL in it.
  let url: Range<Int>
  /// What is put before and after the new URL.
  let before: [UInt8]
  let after: [UInt8]
}

/// The forms of reference that Django rewrites, in its order; each is looked for in the text that
/// the ones before it left.
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

  /// The patterns for the file `name`; none if it is not looked into.
  static func patterns(forFileNamed name: [UInt8], jsModules: Bool) -> [ReferencePattern] {
    if name.suffix(4) == Array(".css".utf8) { return [.cssURL, .cssImport, .cssSourceMap] }
    guard name.suffix(3) == Array(".js".utf8) else { return [] }
    let modules: [ReferencePattern] = [
      .jsImportFrom, .jsExportFrom, .jsImport, .jsDynamicImport,
    ]
    return jsModules ? [.jsSourceMap] + modules : [.jsSourceMap]
  }

  /// Where references of this form are left alone.
  var syntax: IgnoredBlocks.Syntax {
    switch self {
    case .cssURL, .cssImport, .cssSourceMap: .css
    case .jsSourceMap, .jsImportFrom, .jsExportFrom, .jsImport, .jsDynamicImport: .javaScript
    }
  }

  /// Whether the reference is to a source map, which only developers' tools load.
  var isSourceMap: Bool { self == .cssSourceMap || self == .jsSourceMap }

  /// All places in `text`, from left to right, none inside another.
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
