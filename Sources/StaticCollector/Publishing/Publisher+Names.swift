internal import StaticAssets

/// The names that a run needs for itself.
extension Publisher {
  /// What the names of files and directories begin with that a run needs for itself.
  private static let reservedPrefix = Array(".staticd-".utf8)

  /// What every name of a directory in which files wait to be published begins with.
  static let stagingPrefix = ".staticd-staging"

  /// Whether no file may be collected as `name`, because a run needs it for itself.
  static func isReserved(_ name: BytePath) -> Bool { name.bytes.starts(with: reservedPrefix) }

  /// Whether `name`, anywhere in a root, is what a run that was killed leaves.
  static func isLeftover(_ name: BytePath) -> Bool { isReserved(name.lastComponent) }
}
