/// Why a file table cannot be built.
public enum AssetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The root, or a file that must be readable, cannot be read.
  case unreadable(FileError)
  /// `staticfiles.json` or `staticd.json` is not valid JSON of the expected shape; `offset` is in
  /// bytes from the file's start.
  case malformedManifest(path: String, offset: Int)
  /// A text in `staticd.json` has bytes that may not be in a response, such as a line feed in
  /// `type`; `offset` is in bytes from the file's start.
  case unusableManifestValue(path: String, key: String, offset: Int)
  /// Paths and heads together exceed 4 GiB, the range of a slice's offset.
  case tooLarge(root: String)
  /// The field lines of all field rules together exceed `Options.fieldByteCountMax`.
  case tooManyFields
  /// An error page exceeds `Options.errorPageByteCountMax`.
  case largePage(path: String)
  /// These rules of `Options.redirects` lead back to themselves.
  case redirectLoops([RedirectRules.Mistake])

  /// One line: the fault and the remedy.
  public var description: String {
    switch self {
    case .unreadable(let error): error.description
    case .malformedManifest(let path, let offset):
      "'\(path)' is malformed at byte \(offset); collect again, or remove the file"
    case .unusableManifestValue(let path, let key, let offset):
      "'\(path)' has bytes in \"\(key)\" at byte \(offset) that may not be in a response; "
        + "collect again"
    case .tooManyFields:
      "the header rules exceed \(FileTable.Options.fieldByteCountMax) bytes in total; "
        + "use fewer or shorter rules"
    case .largePage(let path):
      "'\(path)' exceeds \(FileTable.Options.errorPageByteCountMax) bytes, "
        + "the limit of an error page; make it smaller"
    case .redirectLoops(let mistakes):
      "redirects: " + mistakes.map { "line \($0)" }.joined(separator: "; ")
    case .tooLarge(let root): "'\(root)' has too many files for one table; split the directory"
    }
  }
}
