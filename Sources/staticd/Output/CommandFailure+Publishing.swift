internal import StaticPublisher

extension CommandFailure {
  /// The failure for an error of an object store, or of the connection to it.
  init(for error: StoreError, _ consequence: String? = nil) {
    let line = error.description + (consequence.map { "; \($0)" } ?? "")
    switch error {
    case .usage: self.init(.usage, error.description)
    case .input: self.init(.input, line)
    // Nothing was sent, and each line says what to do.
    case .inputs(let lines): self.init(.input, lines: lines)
    case .refused(let refusal):
      // A usage error has to be fixed before another run.
      self.init(refusal.isUsage ? .usage : .system, refusal.isUsage ? error.description : line)
    case .unreachable, .system: self.init(.system, line)
    case .overtaken: self.init(.system, error.description)
    }
  }
}
