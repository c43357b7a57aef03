/// Lets a bounded number of tasks pass at a time; the others wait in turn.
///
/// The tests of a run are all begun at once. A collection has its root open from its start to its end, so
/// that hundreds of them would take more descriptors than Foundation starts a process beside.
public actor Turnstile {
  /// For collections in this process.
  public static let collecting = Turnstile(count: 24)

  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(count: Int) { free = count }

  /// What `body` returns or throws, called when there is room.
  public nonisolated func pass<Value: Sendable, Failure: Error>(
    _ body: @Sendable () async throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    await enter()
    let result: Result<Value, Failure>
    do throws(Failure) { result = .success(try await body()) } catch { result = .failure(error) }
    await leave()
    return try result.get()
  }

  private func enter() async {
    guard free == 0 else {
      free -= 1
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  private func leave() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}
