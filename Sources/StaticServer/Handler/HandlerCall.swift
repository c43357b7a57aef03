internal import StaticAssets
internal import Synchronization

/// One call of a handler: what its task has made and the loop has not taken.
///
/// The task adds, the loop takes, and whichever finds something for the other wakes it: the loop
/// through its mailbox, the task where it waits.
final class HandlerCall: Sendable {
  /// What is there for the loop.
  enum Part: Equatable {
    /// Bytes of the response as a server would send them, head first.
    case bytes([UInt8])
    /// Nothing now.
    case none
    /// The response is whole.
    case end
    /// There is no response, or no more of one.
    case failure
  }

  /// The exchange whose request it answers.
  let exchange: ExchangeID

  private struct State {
    var bytes: [UInt8] = []
    /// Bytes of `bytes` that the loop has taken.
    var takenCount = 0
    /// What comes behind `bytes`.
    var last = Part.none
    var isAbandoned = false
    /// Whether everything that the response announced was taken before that.
    var isComplete = false
    /// Whether the loop knows that there is something.
    var isPosted = false
    var task: Task<Void, Never>?
    var writers: [CheckedContinuation<Void, Never>] = []

    var waitingCount: Int { bytes.count - takenCount }

    /// Adds bytes; those that were taken are given up, so that a stream is never kept whole.
    mutating func append(_ more: [UInt8]) {
      if waitingCount == 0 {
        // Nothing is copied where nothing waits, be it ever so long.
        bytes = more
        takenCount = 0
        return
      }
      if takenCount > 0 {
        bytes.removeFirst(takenCount)
        takenCount = 0
      }
      bytes += more
    }
  }

  private let state = Mutex(State())
  private let mailbox: LoopMailbox

  /// A call for the exchange `exchange`, whose loop is woken through `mailbox`.
  init(exchange: ExchangeID, _ mailbox: LoopMailbox) {
    self.exchange = exchange
    self.mailbox = mailbox
  }

  /// Runs `body` on `executor` in a task, which `abandon` cancels.
  func start(
    on executor: (any TaskExecutor)?,
    _ body: @escaping @Sendable () async -> Void
  ) {
    let task = Task(executorPreference: executor) { await body() }
    state.withLock { $0.task = task }
  }
}

/// The task's side.
extension HandlerCall {
  /// Adds `bytes`, and waits while there are more than the loop shall hold.
  func write(_ bytes: [UInt8]) async throws(CancellationError) {
    add(bytes, .none)
    await withCheckedContinuation { writer in
      let waits = state.withLock { state in
        let waits = !state.isAbandoned && state.waitingCount > HandlerBodyWriter.waitingBytesMax
        if waits { state.writers.append(writer) }
        return waits
      }
      if !waits { writer.resume() }
    }
    if state.withLock({ $0.isAbandoned && !$0.isComplete }) { throw CancellationError() }
  }

  /// Whether the loop takes nothing any more.
  var isAbandoned: Bool { state.withLock { $0.isAbandoned } }

  /// Adds `bytes` and then `last`.
  func add(_ bytes: [UInt8], _ last: Part) {
    let isNews = state.withLock { state in
      guard !state.isAbandoned else { return false }
      state.append(bytes)
      state.last = last
      defer { state.isPosted = true }
      return !state.isPosted
    }
    if isNews { mailbox.post(self) }
  }
}

/// The loop's side.
extension HandlerCall {
  /// Takes what comes next, at most `byteCountMax` bytes of it; a post tells of all that is added
  /// after `.none`.
  func take(_ byteCountMax: Int) -> Part {
    let (part, writers) = state.withLock { state -> (Part, [CheckedContinuation<Void, Never>]) in
      guard state.waitingCount > 0 else {
        state.isPosted = state.last != .none
        return (state.last, [])
      }
      let end = state.takenCount + min(byteCountMax, state.waitingCount)
      let bytes = Array(state.bytes[state.takenCount..<end])
      state.takenCount = end
      if end == state.bytes.count {
        state.bytes = []
        state.takenCount = 0
      }
      guard state.waitingCount <= HandlerBodyWriter.waitingBytesMax else {
        return (.bytes(bytes), [])
      }
      defer { state.writers = [] }
      return (.bytes(bytes), state.writers)
    }
    for writer in writers { writer.resume() }
    return part
  }

  /// Asks the loop to come back to this after its turn.
  func takeLater() { mailbox.post(self) }

  /// Takes nothing any more, which the task is told where it writes.
  ///
  /// - Parameter cancelling: whether the task shall end: not when all it was asked for has come, and
  ///   what it still does is its own affair.
  func abandon(cancelling: Bool) {
    let (task, writers) = state.withLock { state in
      state.isAbandoned = true
      state.isComplete = !cancelling
      state.bytes = []
      state.takenCount = 0
      defer {
        state.task = nil
        state.writers = []
      }
      return (state.task, state.writers)
    }
    if cancelling { task?.cancel() }
    for writer in writers { writer.resume() }
  }
}
