internal import StaticAssets

/// The names that are reserved for a run.
extension Publisher {
  /// The prefix of the files and directories of a run.
  private static let reservedPrefix = Array(".staticd-".utf8)

  /// The prefix of every staging directory.
  static let stagingPrefix = ".staticd-staging"

  /// Whether no file may be collected as `name`, because it is reserved.
  static func isReserved(_ name: BytePath) -> Bool { name.bytes.starts(with: reservedPrefix) }

  /// Whether `name`, anywhere in a root, is a leftover of a killed run.
  static func isLeftover(_ name: BytePath) -> Bool { isReserved(name.lastComponent) }
}
