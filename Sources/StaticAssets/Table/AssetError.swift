/// Why a file table cannot be built.
public enum AssetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The root, or a file that must be readable, cannot be read.
  case unreadable(FileError)
  /// `staticfiles.json` or `staticd.json` is not valid JSON of the expected shape; `offset` is in
  /// bytes from the file's start.
  case malformedManifest(path: String, offset: Int)
  /// Paths and heads together exceed 4 GiB, the range of a slice's offset.
  case tooLarge(root: String)
  /// The field lines of all field rules together exceed `Options.fieldByteCountMax`.
  case tooManyFields
  /// An error page exceeds `Options.errorPageByteCountMax`.
  case largePage(path: String)

  /// One line: the fault and the remedy.
  public var description: String {
    switch self {
    case .unreadable(let error): error.description
    case .malformedManifest(let path, let offset):
      "'\(path)' is malformed at byte \(offset); collect again, or remove the file"
    case .tooManyFields:
      "the header rules exceed \(FileTable.Options.fieldByteCountMax) bytes in total; "
        + "use fewer or shorter rules"
    case .largePage(let path):
      "'\(path)' exceeds \(FileTable.Options.errorPageByteCountMax) bytes, "
        + "the limit of an error page; make it smaller"
    case .tooLarge(let root): "'\(root)' has too many files for one table; split the directory"
    }
  }
}
