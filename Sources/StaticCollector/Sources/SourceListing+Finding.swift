public import StaticAssets

/// The source that provides a name.
public struct FoundFile: Sendable {
  /// The requested destination.
  public let name: BytePath
  /// The absolute path of the file that is collected.
  public let path: BytePath
  /// Files that it hides, in the order of the sources.
  public let hidden: [BytePath]
}

extension SourceListing {
  /// The file that is collected as `name`, and those that it hides; nil if there is none.
  public func find(_ name: BytePath) -> FoundFile? {
    let destination = BytePath(PosixPath.normalize(HashedName.clean(name.bytes)))
    guard let file = files.first(where: { $0.destination == destination }) else { return nil }
    let hidden = skipped.filter { $0.destination == destination }.map(\.path.absolute)
    return FoundFile(name: name, path: file.path.absolute, hidden: hidden)
  }
}

extension [FoundFile] {
  /// The found files and the missing names, as a JSON object in ASCII.
  ///
  /// - Parameter missing: the names that were not found.
  public func json(missing: [BytePath]) -> [UInt8] {
    var text = JSONText()
    text.add("{\"version\": 1, \"found\": {")
    for (index, file) in enumerated() {
      text.add(index > 0 ? ",\n  " : "\n  ")
      text.add(string: file.name.bytes)
      text.add(": {\"path\": ")
      text.add(string: file.path.bytes)
      text.add(", \"hides\": ")
      text.add(strings: file.hidden)
      text.add("}")
    }
    text.add("}, \"missing\": ")
    text.add(strings: missing)
    text.add("}\n")
    return text.bytes
  }
}

extension JSONText {
  /// Adds an array of names.
  mutating func add(strings: [BytePath]) {
    add("[")
    for (index, string) in strings.enumerated() {
      if index > 0 { add(", ") }
      add(string: string.bytes)
    }
    add("]")
  }
}
