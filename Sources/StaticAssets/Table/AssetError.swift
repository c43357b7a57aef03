/// Why no table could be made of a root.
public enum AssetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The root or a file in it could not be read.
  case unreadable(FileError)
  /// A manifest is not what its name says.
  case malformedManifest(path: String, offset: Int)
  /// There are more bytes of paths and heads than a table can address.
  case tooLarge(root: String)

  /// One line: what is wrong, and what to do.
  public var description: String {
    switch self {
    case .unreadable(let error): error.description
    case .malformedManifest(let path, let offset):
      "'\(path)' is malformed at byte \(offset); collect again, or remove it"
    case .tooLarge(let root): "'\(root)' has too many files for one table; split it"
    }
  }
}
