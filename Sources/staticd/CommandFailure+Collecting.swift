internal import StaticCollector

extension CommandFailure {
  /// A failure for what the collector throws.
  ///
  /// - Parameter consequence: what is left of the work, after a semicolon.
  init(for error: CollectError, _ consequence: String) {
    switch error {
    case .usage(let line): self.init(.usage, line)
    case .system(let error): self.init(.system, "\(error); \(consequence)")
    case .interrupted(let error):
      self.init(
        .system,
        "\(error); the release before is still the current one, collect again to mend it"
      )
    case .unflushed(let error):
      self.init(
        .system,
        "\(error); the new release is published but may not outlast a crash, collect again"
      )
    case .cancelled: self.init(.system, "cancelled; \(consequence)")
    case .problems(let problems):
      let summary = "\(Self.count(problems)); \(consequence)"
      self.init(.input, lines: problems.map(\.description) + [summary])
    }
  }

  private static func count(_ problems: [Problem]) -> String {
    let errors = problems.count { $0.severity == .error }
    let warnings = problems.count - errors
    let rest = warnings == 0 ? "" : " and \(warnings) warning\(warnings == 1 ? "" : "s")"
    return "\(errors) problem\(errors == 1 ? "" : "s")\(rest)"
  }
}
