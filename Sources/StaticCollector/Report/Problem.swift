internal import StaticAssets

/// A problem in the input.
public struct Problem: Equatable, Sendable, CustomStringConvertible {
  /// The kinds of problems, with their names in the report.
  public enum Kind: String, Sendable {
    /// A reference to a file that is not collected.
    case missingReference = "missing-reference"
    /// A reference to a source map that is not collected.
    case missingSourceMap = "missing-source-map"
    /// Files that refer to each other in a cycle, so that no hash can be computed first.
    case cycle
    /// A style sheet or script that is not UTF-8.
    case notUTF8 = "not-utf-8"
    /// A file that cannot be read.
    case unreadable
    /// A name or a reference that leads out of the root.
    case outsideRoot = "outside-root"
    /// A file named as a coding of another one that does not decode to it.
    case staleCoding = "stale-coding"
    /// Two files or directories that need the same name.
    case nameConflict = "name-conflict"
    /// A file of an earlier release that cannot be carried over.
    case earlierRelease = "earlier-release"
  }

  /// The effect of a problem.
  public enum Severity: String, Sendable {
    /// Nothing is published.
    case error
    /// The problem is reported, and the release is published.
    case warning
  }

  /// The effect of the problem.
  public let severity: Severity
  /// The kind of problem.
  public let kind: Kind
  /// The destination of the file below the root, as in manifests.
  public let file: String
  /// The path of the source; nil for a file in the root.
  public let source: String?
  /// The line in the file, from 1; nil if the problem has no line.
  public let line: Int?
  /// What is wrong and the remedy.
  public let text: String
  /// The reference as written in the file; nil if the problem is not a reference.
  public let reference: String?
  /// The destinations of all files involved, if there are several: the members of a cycle.
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

  /// The problem as `path:line: text`, or `path: text` without a line; a warning is marked as one.
  public var description: String {
    let place = line.map { "\(path):\($0)" } ?? path
    let mark = severity == .warning ? "warning: " : ""
    // A name may contain a line feed, but a problem is one line.
    return "\(place): \(mark)\(text)".replacing(text: "\n", with: "\\n")
  }
}

extension BytePath {
  /// The start of a long name or reference, for messages.
  var shortened: String {
    let bytesMax = 200
    let start = BytePath(bytes.prefix(bytesMax)).description
    return bytes.count > bytesMax ? start + "..." : start
  }
}
