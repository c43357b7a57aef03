/// Why no table could be made of a root.
public enum AssetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The root or a file in it could not be read.
  case unreadable(FileError)
  /// A manifest is not what its name says.
  case malformedManifest(path: String, offset: Int)
  /// There are more bytes of paths and heads than a table can address.
  case tooLarge(root: String)
  /// The rules' fields together may take more bytes than a response head should.
  case tooManyFields
  /// An error page has more bytes than are held in memory for one.
  case largePage(path: String)

  /// One line: what is wrong, and what to do.
  public var description: String {
    switch self {
    case .unreadable(let error): error.description
    case .malformedManifest(let path, let offset):
      "'\(path)' is malformed at byte \(offset); collect again, or remove it"
    case .tooManyFields:
      "the header rules have more than \(FileTable.Options.fieldByteCountMax) bytes together; "
        + "have fewer or shorter ones"
    case .largePage(let path):
      "'\(path)' has more than \(FileTable.Options.errorPageByteCountMax) bytes; "
        + "an error page is held in memory, make it smaller"
    case .tooLarge(let root): "'\(root)' has too many files for one table; split it"
    }
  }
}
