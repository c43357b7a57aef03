internal import StaticAssets

/// A directory of files that an app may select with `X-Accel-Redirect` or `X-Sendfile`.
public struct NamedDirectory: Equatable, Sendable {
  /// The URL path of the directory; begins and ends with a slash.
  public var prefix: String
  /// The path of the directory in the file system.
  public var path: String

  /// The directory at `path`, whose files an app selects by a path below `prefix`.
  public init(prefix: String, path: String) {
    self.prefix = prefix
    self.path = path
  }

  /// The same for `NamedFiles`.
  var directory: NamedFiles.Directory { NamedFiles.Directory(prefix: prefix, path: path) }
}
