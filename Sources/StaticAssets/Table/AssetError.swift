/// Why a file table cannot be built.
public struct AssetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kind of an error; kinds may be added.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The name of the constant.
    public let description: String

    /// The root, or a file that must be readable, cannot be read.
    public static let unreadable = Code(description: "unreadable")
    /// `staticfiles.json` or `staticd.json` is not valid JSON of the expected shape, or a text in
    /// it has bytes that are not allowed in a response, such as a line feed.
    public static let invalidManifest = Code(description: "invalidManifest")
    /// Paths, heads and the bodies in memory together reach 4 GiB, a manifest does, or an error
    /// page exceeds 64 KiB.
    public static let tooLarge = Code(description: "tooLarge")
    /// A value of the options or of a mount is invalid, such as a prefix without a slash, or rules
    /// of `Options.redirects` that lead back to themselves.
    public static let invalidOption = Code(description: "invalidOption")
  }

  /// The kind of the error.
  public let code: Code
  /// The file or directory of the error; nil if it concerns an option.
  public let path: String?
  /// One line: the fault and the remedy.
  public let description: String
  /// The failed call, for `unreadable`.
  package var cause: FileError?
  /// The option of the error, if a command names it as its operator has given it.
  package var subject: Subject?

  /// An option that a command names as its operator has given it.
  package enum Subject: Equatable, Sendable {
    /// All field rules together: `invalidOption`.
    case fields
    /// An error page: `tooLarge`.
    case errorPage
    /// These redirects, which form a loop: `invalidOption`.
    case redirects([RedirectRules.Mistake])
  }

  private init(_ code: Code, _ path: String?, _ description: String) {
    self.code = code
    self.path = path
    self.description = description
  }
}

extension AssetError {
  /// The root, or a file that must be readable, cannot be read.
  package static func unreadable(_ cause: FileError) -> AssetError {
    var error = AssetError(.unreadable, cause.path, cause.description)
    error.cause = cause
    return error
  }

  /// A manifest is malformed; `offset` is in bytes from the file's start.
  package static func malformedManifest(path: String, offset: Int) -> AssetError {
    let text = "'\(path)' is malformed at byte \(offset); collect again, or remove the file"
    return AssetError(.invalidManifest, path, text)
  }

  /// A text in a manifest is not allowed in a response; `offset` is in bytes from the file's start.
  package static func unusableManifestValue(
    path: String,
    key: String,
    offset: Int
  ) -> AssetError {
    let text =
      "'\(path)' has bytes in \"\(key)\" at byte \(offset) that may not be in a response; "
      + "collect again"
    return AssetError(.invalidManifest, path, text)
  }

  /// Paths, heads and bodies together reach 4 GiB, the range of a slice's offset.
  package static func tooLarge(root: String) -> AssetError {
    let text = "'\(root)' has too many files for one table; split the directory"
    return AssetError(.tooLarge, root, text)
  }

  /// The field lines of all field rules together exceed `Options.fieldByteCountMax`.
  package static var tooManyFields: AssetError {
    let max = FileTable.Options.fieldByteCountMax
    let text = "the header rules exceed \(max) bytes in total; use fewer or shorter rules"
    var error = AssetError(.invalidOption, nil, text)
    error.subject = .fields
    return error
  }

  /// An error page exceeds `Options.errorPageByteCountMax`.
  package static func largePage(path: String) -> AssetError {
    let max = FileTable.Options.errorPageByteCountMax
    let text = "'\(path)' exceeds \(max) bytes, the limit of an error page; make it smaller"
    var error = AssetError(.tooLarge, path, text)
    error.subject = .errorPage
    return error
  }

  /// These rules of `Options.redirects` lead back to themselves.
  package static func redirectLoops(_ mistakes: [RedirectRules.Mistake]) -> AssetError {
    let text = "redirects: " + mistakes.map { "line \($0)" }.joined(separator: "; ")
    var error = AssetError(.invalidOption, nil, text)
    error.subject = .redirects(mistakes)
    return error
  }

  /// The value of the option `name` is invalid, for `reason`.
  static func invalidOption(_ name: String, _ reason: String) -> AssetError {
    AssetError(.invalidOption, nil, "\(name) \(reason)")
  }
}
