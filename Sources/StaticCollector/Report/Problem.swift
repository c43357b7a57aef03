internal import StaticAssets

/// Something in the input that is wrong.
public struct Problem: Equatable, Sendable, CustomStringConvertible {
  /// What is wrong, in the names of the report.
  public enum Kind: String, Sendable {
    /// A reference to a file that is not collected.
    case missingReference = "missing-reference"
    /// The same, to a source map.
    case missingSourceMap = "missing-source-map"
    /// Files that refer to each other in a circle, so that no name can be computed first.
    case cycle
    /// A style sheet or script that is not UTF-8.
    case notUTF8 = "not-utf-8"
    /// A file that cannot be read.
    case unreadable
    /// A name or a reference that leads out of the root.
    case outsideRoot = "outside-root"
    /// A file named as a coding of another one that does not decode to it.
    case staleCoding = "stale-coding"
    /// Two things that must have the same name.
    case nameConflict = "name-conflict"
    /// A file of an earlier release that cannot be carried over.
    case earlierRelease = "earlier-release"
  }

  /// What comes of a problem.
  public enum Severity: String, Sendable {
    /// Nothing is published.
    case error
    /// It is told, and published all the same.
    case warning
  }

  /// What comes of it.
  public let severity: Severity
  /// What is wrong.
  public let kind: Kind
  /// The file by its destination below the root, as manifests have it.
  public let file: String
  /// Where it was found: the path of a source; nil for what is in the root.
  public let source: String?
  /// The line in it, from 1; nil where no line is to blame.
  public let line: Int?
  /// What is wrong and what to do.
  public let text: String
  /// The reference to blame, as it stands in the file; nil where none is.
  public let reference: String?
  /// All files that have a part in it, by destination, where one alone has none: the members of a
  /// cycle.
  public let files: [String]
  /// The path that is shown.
  private let path: String

  /// A problem of a source.
  init(
    severity: Severity = .error,
    kind: Kind,
    of source: SourceFile,
    line: Int? = nil,
    text: String,
    reference: String? = nil,
    files: [String] = []
  ) {
    self.init(
      severity: severity,
      kind: kind,
      file: source.destination,
      source: source.path,
      path: source.path,
      line: line,
      text: text,
      reference: reference,
      files: files
    )
  }

  /// A problem of a file below the root, which is at `path`.
  init(
    severity: Severity = .error,
    kind: Kind,
    file: BytePath,
    at path: BytePath,
    text: String
  ) {
    self.init(
      severity: severity,
      kind: kind,
      file: file,
      source: nil,
      path: path,
      line: nil,
      text: text,
      reference: nil,
      files: []
    )
  }

  private init(
    severity: Severity,
    kind: Kind,
    file: BytePath,
    source: BytePath?,
    path: BytePath,
    line: Int?,
    text: String,
    reference: String?,
    files: [String]
  ) {
    self.severity = severity
    self.kind = kind
    self.file = file.description
    self.source = source?.description
    self.path = path.description
    self.line = line
    self.text = text
    self.reference = reference
    self.files = files
  }

  /// The problem as `path:line: text`, or `path: text` where no line is to blame; a warning says
  /// that it is one.
  public var description: String {
    let place = line.map { "\(path):\($0)" } ?? path
    let mark = severity == .warning ? "warning: " : ""
    // A name may hold a line feed; a problem is one line.
    return "\(place): \(mark)\(text)".replacing(text: "\n", with: "\\n")
  }
}

extension BytePath {
  /// The start of a long name or reference, for a message.
  var shortened: String {
    let bytesMax = 200
    let start = BytePath(bytes.prefix(bytesMax)).description
    return bytes.count > bytesMax ? start + "..." : start
  }
}
