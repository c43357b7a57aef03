internal import StaticAssets
internal import StaticCollector

extension SourceDirectory {
  /// Reads `DIR` or `PREFIX=DIR`.
  ///
  /// - Parameter place: the option and its origin, for errors.
  init(argument text: String, _ place: String) throws {
    let bytes = Array(text.utf8)
    guard let separator = Self.prefixEnd(in: bytes[...]) else {
      self.init(path: BytePath(text))
      return
    }
    let prefix = bytes[..<separator]
    let parts = prefix.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let isPlain = parts.allSatisfy {
      !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
    }
    guard isPlain, separator + 1 < bytes.count else {
      throw CommandFailure(
        .usage,
        "\(place) '\(text)': give PREFIX=DIR, the prefix without '.', '..' and slashes at its ends"
      )
    }
    self.init(path: BytePath(bytes[(separator + 1)...]), prefix: BytePath(prefix))
  }

  /// The index of the `=` between a prefix and a directory; nil if there is no prefix.
  ///
  /// It is the first `=` before `/`, `./` or `../`, so that a prefix may contain others, else the
  /// first. A directory with `=` in its name can be given with `./` or as an absolute path.
  static func prefixEnd(in argument: ArraySlice<UInt8>) -> Int? {
    let equals = argument.indices.filter { argument[$0] == UInt8(ascii: "=") }
    let starts = ["/", "./", "../"]
    let end = equals.first { index in
      starts.contains { argument[(index + 1)...].starts(with: $0.utf8) }
    }
    guard let first = equals.first, !starts.contains(where: { argument.starts(with: $0.utf8) })
    else {
      return nil
    }
    return end ?? first
  }
}
