public import StaticAssets

/// A file of the site that browsers keep as a dictionary for others.
///
/// A page offers it with `<link rel="compression-dictionary">`. Files that match the pattern are
/// then sent as deltas against it.
///
/// Source: RFC 9842 §3.
public struct SiteDictionary: Sendable, Equatable {
  /// The files that are compressed with it: a path below the root in which `*` matches any
  /// characters, including slashes.
  public let pattern: String
  /// The collected file, under its name without a hash.
  public let file: BytePath

  /// A dictionary for the files that match `pattern`.
  public init(_ file: BytePath, for pattern: String) {
    self.file = file
    self.pattern = pattern
  }

  /// The reason why the pattern cannot be used; nil if it can.
  ///
  /// A server sends it to browsers, whose patterns have no wildcard for one character.
  var mistake: String? {
    if pattern.isEmpty || pattern.hasPrefix("/") { return "give a path below the root" }
    let isPlain = pattern.utf8.allSatisfy {
      $0 > 0x20 && $0 < 0x7F && !"?[]{}()\\\"".utf8.contains($0)
    }
    return isPlain ? nil : "give ASCII characters, and no special one but '*'"
  }
}
