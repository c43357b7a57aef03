/// The scanners without files, for benchmarks and fuzzing.
@_spi(Measuring) public enum ReferenceScan {
  /// The number of references in `text` that a collection would try to rewrite.
  ///
  /// - Parameters:
  ///   - name: the file's name, whose extension selects the patterns.
  ///   - rewritesModules: whether `import` and `export` count.
  public static func count(in text: [UInt8], fileNamed name: String, rewritesModules: Bool) -> Int {
    let patterns = ReferencePattern.patterns(
      forFileNamed: Array(name.utf8),
      jsModules: rewritesModules
    )
    var count = 0
    for pattern in patterns {
      var ignored = IgnoredBlocks(text, pattern.syntax)
      for match in pattern.matches(in: text, .latest)
      where !ignored.contains(match.range.lowerBound) {
        count += 1
      }
    }
    return count
  }
}
