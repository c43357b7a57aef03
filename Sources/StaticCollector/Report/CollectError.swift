public import StaticAssets

/// The reason why nothing was published, or why it is not certain to be on disk.
public enum CollectError: Error, Sendable, CustomStringConvertible {
  /// The options are invalid; one line.
  case usage(String)
  /// The problems of the input, including warnings.
  case problems([Problem])
  /// A system call failed.
  case system(FileError)
  /// An earlier release cannot be read: its store and the reason.
  case unreachable(String)
  /// A system call failed while files of the previous release were being replaced.
  ///
  /// The previous release is still current; collecting again repairs the rest.
  case interrupted(FileError)
  /// The new release is current, but flushing it to disk failed; collecting again flushes it.
  case unflushed(FileError)
  /// The calling task was cancelled.
  case cancelled

  /// A line for each problem and one that counts them, or one line with the reason and the remedy.
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
