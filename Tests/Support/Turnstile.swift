/// Limits the number of concurrent tasks; the others wait in order.
///
/// All tests of a run start at once. A collection has its root open from start to end, so hundreds
/// of them would exceed the number of descriptors with which Foundation can start a process.
public actor Turnstile {
  /// For collections in this process.
  public static let collecting = Turnstile(count: 24)

  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(count: Int) { free = count }

  /// The result of `body`, which is called when there is room.
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
