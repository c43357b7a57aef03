public import StaticAssets

/// Patterns of names that are not collected.
///
/// Source: `django.contrib.staticfiles.utils.get_files` and Python's `fnmatch.fnmatchcase`.
public struct IgnorePatterns: Sendable {
  /// Django's defaults: version control, hidden files, editors' backups.
  public static let defaults = ["CVS", ".*", "*~"]

  private let globs: [Glob]

  /// Shell patterns with `*`, `?`, `[abc]` and `[!abc]`; `*` and `?` match slashes too.
  public init(_ patterns: [String]) {
    globs = patterns.map { Glob(PosixPath.normalize(Array($0.utf8))) }
  }

  /// Whether a file is ignored, by its base name or by its path below the source.
  func ignoresFile(_ name: BytePath, at path: BytePath) -> Bool {
    globs.contains { $0.matches(name) || $0.matches(path) }
  }

  /// Whether a directory and everything in it is ignored, by its base name only.
  func ignoresDirectory(_ name: BytePath) -> Bool {
    globs.contains { $0.matches(name) }
  }

  /// Whether a destination is ignored, itself or with one of its directories.
  public func ignores(_ destination: BytePath) -> Bool {
    var directory = destination.parent
    while !directory.isEmpty {
      if ignoresDirectory(directory.lastComponent) { return true }
      directory = directory.parent
    }
    return ignoresFile(destination.lastComponent, at: destination)
  }
}
