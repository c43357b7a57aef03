/// The mistakes in a command's options, collected so that all of them are reported at once.
struct Mistakes {
  private var lines: [String] = []
  private var status: ExitStatus?

  /// Whether there are no mistakes.
  var isEmpty: Bool { status == nil }

  /// The result of `read`; nil if it throws a `CommandFailure`, which is kept.
  mutating func reading<Value>(_ read: () throws -> Value) throws -> Value? {
    do {
      return try read()
    } catch let failure as CommandFailure {
      add(failure)
      return nil
    }
  }

  /// The results of `read` for the elements for which it does not throw; the failures are kept.
  mutating func reading<Element, Value>(
    each elements: [Element],
    _ read: (Element) throws -> Value
  ) throws -> [Value] {
    var values: [Value] = []
    for element in elements {
      if let value = try reading({ try read(element) }) { values.append(value) }
    }
    return values
  }

  /// Adds a usage error.
  mutating func add(_ line: String) { add(CommandFailure(.usage, line)) }

  private mutating func add(_ failure: CommandFailure) {
    lines += failure.lines.filter { !lines.contains($0) }
    // Usage errors decide the exit status: they have to be fixed first.
    status = status == .usage ? .usage : failure.status
  }

  /// Throws the mistakes, if there are any.
  func refuse() throws {
    if !isEmpty { throw failure }
  }

  /// All mistakes as one failure; there must be at least one.
  var failure: CommandFailure { CommandFailure(status ?? .usage, lines: lines) }
}
