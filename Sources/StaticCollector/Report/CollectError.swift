public import StaticAssets

/// Why nothing was published, or not for certain.
public enum CollectError: Error, Sendable, CustomStringConvertible {
  /// What was asked for makes no sense; one line.
  case usage(String)
  /// The input has these problems, warnings among them.
  case problems([Problem])
  /// The system failed.
  case system(FileError)
  /// An earlier release cannot be read: where it is, and why.
  case unreachable(String)
  /// The system failed while files of the release before were being replaced. Its manifest is still
  /// the current one; collecting again mends the rest.
  case interrupted(FileError)
  /// The new release is the current one, but the system could not tell that it is on the disk;
  /// collecting again tries once more.
  case unflushed(FileError)
  /// The calling task was cancelled.
  case cancelled

  /// What is wrong and what to do: a line for each problem and one that counts them, or one line.
  public var description: String {
    switch self {
    case .usage(let line), .unreachable(let line): line
    case .problems(let problems):
      (problems.map(\.description) + [Self.count(problems)]).joined(separator: "\n")
    case .system(let error): error.description
    case .interrupted(let error):
      "\(error); the release before is still the current one, collect again to mend it"
    case .unflushed(let error):
      "\(error); the new release is published but may not outlast a crash, collect again"
    case .cancelled: "cancelled"
    }
  }

  private static func count(_ problems: [Problem]) -> String {
    let errors = problems.count { $0.severity == .error }
    let warnings = problems.count - errors
    let rest = warnings == 0 ? "" : " and \(warnings) warning\(warnings == 1 ? "" : "s")"
    return "\(errors) problem\(errors == 1 ? "" : "s")\(rest)"
  }
}
