internal import StaticAssets
internal import StaticCollector

extension SourceDirectory {
  /// Reads `DIR` or `PREFIX=DIR`.
  ///
  /// - Parameter place: the option and its origin, for errors.
  init(argument text: String, _ place: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    // A directory with `=` in its name can be given with `./` or as an absolute path.
    guard parts.count == 2, !parts[0].contains(text: "./"), !parts[0].hasPrefix("/") else {
      self.init(path: BytePath(text))
      return
    }
    let prefix = parts[0].split(separator: "/", omittingEmptySubsequences: false)
    guard prefix.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }), !parts[1].isEmpty else {
      throw CommandFailure(
        .usage,
        "\(place) '\(text)': give PREFIX=DIR, the prefix without '.', '..' and slashes at its ends"
      )
    }
    self.init(path: BytePath(String(parts[1])), prefix: BytePath(String(parts[0])))
  }
}
