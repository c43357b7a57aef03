internal import StaticCollector

extension CommandFailure {
  /// The failure for an error of the collector.
  ///
  /// - Parameter consequence: the state that the failure leaves, appended after a semicolon.
  init(for error: CollectError, _ consequence: String) {
    switch error {
    case .usage(let line): self.init(.usage, line)
    case .interrupted, .unflushed: self.init(.system, error.description)
    case .system, .cancelled, .unreachable: self.init(.system, "\(error); \(consequence)")
    case .problems:
      // The last line is the number of problems.
      let lines = error.description.split(separator: "\n").map(String.init)
      self.init(.input, lines: lines.dropLast() + lines.suffix(1).map { "\($0); \(consequence)" })
    }
  }
}
