/// Everything that is wrong with the options of a command, so that all of it is told at once.
struct Mistakes {
  private var lines: [String] = []
  private var status: ExitStatus?

  /// Whether nothing was found.
  var isEmpty: Bool { status == nil }

  /// What `read` returns; nil when it throws a failure, which is kept.
  mutating func reading<Value>(_ read: () throws -> Value) throws -> Value? {
    do {
      return try read()
    } catch let failure as CommandFailure {
      add(failure)
      return nil
    }
  }

  /// The values that `read` returns, without those for which it throws, whose failures are kept.
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

  /// Keeps a wrong use.
  mutating func add(_ line: String) { add(CommandFailure(.usage, line)) }

  private mutating func add(_ failure: CommandFailure) {
    lines += failure.lines.filter { !lines.contains($0) }
    // A wrong use is mended first.
    status = status == .usage ? .usage : failure.status
  }

  /// Throws what was kept.
  func refuse() throws {
    if !isEmpty { throw failure }
  }

  /// What was kept, which is something.
  var failure: CommandFailure { CommandFailure(status ?? .usage, lines: lines) }
}
