internal import StaticAssets
internal import Synchronization

/// One call of a handler: the bytes that its task has written and the loop has not taken.
///
/// The task appends, the loop takes. The task wakes the loop through its mailbox; the loop resumes
/// a waiting writer.
final class HandlerCall: Sendable {
  /// A part of the response, as the loop takes it.
  enum Part: Equatable {
    /// Bytes of an HTTP/1.1 response, starting with its head.
    case bytes([UInt8])
    /// Nothing is available now.
    case none
    /// The response is complete.
    case end
    /// There is no response, or it is truncated.
    case failure
    /// The handler has declined the request.
    case notFound
  }

  /// The exchange of the request.
  let exchange: ExchangeID

  private struct State {
    var bytes: [UInt8] = []
    /// The number of bytes of `bytes` that the loop has taken.
    var takenCount = 0
    /// The part that follows `bytes`.
    var last = Part.none
    var isAbandoned = false
    /// Whether the task is cancelled as soon as it is known.
    var isCancelled = false
    /// Whether the response is endless, and whether a stop was requested.
    var isEndless = false
    var isStopping = false
    /// Whether the loop had taken the whole announced response before `abandon`.
    var isComplete = false
    /// Whether this call is posted to the mailbox and not yet taken.
    var isPosted = false
    var task: Task<Void, Never>?
    var writers: [CheckedContinuation<Void, Never>] = []

    var waitingCount: Int { bytes.count - takenCount }
    /// Whether the task must end because a stop was requested.
    var endsNow: Bool { isEndless && isStopping }

    /// Appends bytes and releases those that were taken, so that a stream is never stored whole.
    mutating func append(_ more: [UInt8]) {
      if waitingCount == 0 {
        // Nothing waits: keep the array without a copy.
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
  /// The content of the request while it is received.
  let upload = Mutex(Upload())
  private let mailbox: LoopMailbox

  /// A call for `exchange`, which wakes its loop through `mailbox`.
  init(exchange: ExchangeID, _ mailbox: LoopMailbox) {
    self.exchange = exchange
    self.mailbox = mailbox
  }

  /// Runs `body` in a task on `executor`; `abandon` can cancel the task.
  func start(
    on executor: (any TaskExecutor)?,
    _ body: @escaping @Sendable () async -> Void
  ) {
    let task = Task(executorPreference: executor) { await body() }
    let isCancelled = state.withLock { state in
      // The loop may have abandoned the call before this task was created.
      guard !state.isAbandoned else { return state.isCancelled }
      state.task = task
      return state.endsNow
    }
    if isCancelled { task.cancel() }
  }
}

/// The task's side.
extension HandlerCall {
  /// Appends `bytes`; waits while more bytes than the limit wait for the loop.
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

  /// Whether the loop takes no more bytes.
  var isAbandoned: Bool { state.withLock { $0.isAbandoned } }

  /// Appends `bytes` and then `last`.
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

/// Stopping the server.
extension HandlerCall {
  /// Records that the response is endless.
  func noteEndless() {
    let task = state.withLock { state in
      state.isEndless = true
      return state.endsNow ? state.task : nil
    }
    task?.cancel()
  }

  /// Records that a stop was requested, which ends an endless response.
  func noteStopping() {
    let task = state.withLock { state in
      state.isStopping = true
      return state.endsNow ? state.task : nil
    }
    task?.cancel()
  }
}

/// The loop's side.
extension HandlerCall {
  /// Takes the next part, at most `byteCountMax` bytes.
  ///
  /// After `.none`, the call is posted again when something is appended.
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

  /// Posts this call to the loop again, for its next turn.
  func takeLater() { mailbox.post(self) }

  /// Stops taking bytes; writes of the task throw from then on.
  ///
  /// - Parameter cancelling: whether to cancel the task. False when the response is complete, so
  ///   that the handler can finish other work.
  func abandon(cancelling: Bool) {
    let (task, writers) = state.withLock { state in
      state.isAbandoned = true
      state.isCancelled = cancelling
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
    endUpload(cancelling ? .cancelled : .unread)
  }
}
