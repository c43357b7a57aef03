public import StaticAssets

/// A file of the site that browsers keep as a dictionary for others.
///
/// A page offers it with `<link rel="compression-dictionary">`; what fits the pattern is then sent as what
/// it has that the dictionary has not.
///
/// Source: RFC 9842 §3.
public struct SiteDictionary: Sendable, Equatable {
  /// Which files are compressed with it: a path below the root, in which `*` stands for any characters,
  /// slashes too.
  public let pattern: String
  /// The collected file, as it is called before it gets its hash.
  public let file: BytePath

  /// A dictionary for the files that fit `pattern`.
  public init(_ file: BytePath, for pattern: String) {
    self.file = file
    self.pattern = pattern
  }

  /// Why the pattern cannot be used; nil when it can.
  ///
  /// A server gives it to browsers, whose patterns have no sign for one character.
  var mistake: String? {
    if pattern.isEmpty || pattern.hasPrefix("/") { return "give a path below the root" }
    let isPlain = pattern.utf8.allSatisfy {
      $0 > 0x20 && $0 < 0x7F && !"?[]{}()\\\"".utf8.contains($0)
    }
    return isPlain ? nil : "give ASCII characters, and no special one but '*'"
  }
}
