import FuzzSupport

@testable import StaticCollector

/// References in style sheets and scripts: they are those of Django's regular expressions, and a
/// text without references is unchanged.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  withInput(start, count) { bytes in
    let text = bytes.array
    // The collector examines only files of valid UTF-8.
    guard let string = String(validating: text, as: UTF8.self) else { return }
    let characters = Array(string.unicodeScalars)
    checkMatches(in: text, characters)
    for name in ["d/a.css", "d/a.js"] { checkRewriting(text, Array(name.utf8)) }
  }
}

private func checkMatches(in text: [UInt8], _ characters: [Unicode.Scalar]) {
  var matcher = PatternMatcher(characters)
  let offsets = characters.reduce(into: [0]) { $0.append($0.last! + UTF8.width($1)) }
  func bytes(_ range: Range<Int>?) -> Range<Int> {
    range.map { offsets[$0.lowerBound]..<offsets[$0.upperBound] } ?? 0..<0
  }
  for pattern in ReferencePattern.allCases {
    let found = pattern.matches(in: text, .latest).map { [$0.range, $0.url] }
    let expected = matcher.matches(of: DjangoPatterns.reference(pattern)).map {
      [bytes($0.range), bytes($0.url)]
    }
    check(found == expected, "\(pattern): \(found), Django's \(expected)")
  }
  for syntax in [IgnoredBlocks.Syntax.css, .javaScript] {
    var ignored = IgnoredBlocks(text, syntax)
    // References start at character boundaries.
    let found = characters.indices.filter { ignored.contains(offsets[$0]) }
    let blocks = matcher.matches(of: DjangoPatterns.ignored(syntax))
    let expected = blocks.flatMap { $0.range.dropFirst() }
    check(found == expected, "\(syntax): \(found) ignored, Django's \(expected)")
  }
}

private func checkRewriting(_ text: [UInt8], _ name: [UInt8]) {
  let patterns = ReferencePattern.patterns(forFileNamed: name, jsModules: true)
  let hasReferences = patterns.contains { !$0.matches(in: text, .latest).isEmpty }
  let lineCount = text.split(separator: 0x0A, omittingEmptySubsequences: false).count
  for knowsFiles in [false, true] {
    var rewriter = ReferenceRewriter(
      name: name,
      staticURL: Array("/static/".utf8),
      .latest,
      resolver: Resolver(knowsFiles: knowsFiles)
    )
    let result = rewriter.rewrite(text, patterns)
    if !hasReferences { check(result == text, "changed without a reference") }
    for unresolved in rewriter.unresolved {
      check((1...lineCount).contains(unresolved.line), "line \(unresolved.line) of \(lineCount)")
    }
  }
}

/// A resolver for which every name is a file, or none is.
private struct Resolver: ReferenceResolver {
  let knowsFiles: Bool

  func published(_ name: [UInt8], line: () -> Int) -> [UInt8]? {
    knowsFiles ? name + Array(".0123456789ab".utf8) : nil
  }

  func stored(_ name: [UInt8]) -> StoredTarget {
    knowsFiles ? .file(md5: Array("0123456789abcdef0123456789abcdef".utf8)) : .missing
  }

  func note(_ name: [UInt8], namedAs hashed: [UInt8]) {}
}
