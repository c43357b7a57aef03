internal import StaticPublisher

extension CommandFailure {
  /// A failure for what an object store, or the way to it, says.
  init(for error: StoreError, _ consequence: String? = nil) {
    let line = error.description + (consequence.map { "; \($0)" } ?? "")
    switch error {
    case .usage: self.init(.usage, error.description)
    case .input: self.init(.input, line)
    case .refused(let refusal):
      // What is wrong is to be changed first.
      self.init(refusal.isUsage ? .usage : .system, refusal.isUsage ? error.description : line)
    case .unreachable, .system: self.init(.system, line)
    case .overtaken: self.init(.system, error.description)
    }
  }
}
