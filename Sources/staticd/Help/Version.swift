/// The version of the tool.
enum Version {
  /// As `--version` prints it.
  static let text = "0.2.0"
}
