/// The scanners alone, without files: for what measures and attacks them.
@_spi(Measuring) public enum ReferenceScan {
  /// The number of references that collecting would look at in `text`.
  ///
  /// - Parameters:
  ///   - name: the file's name, whose ending decides what is looked for.
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
