internal import CLinux
internal import Glibc
internal import StaticAssets
internal import Synchronization

/// What other threads ask of an event loop. Every function may be called from any thread, but for
/// those that say that the loop calls them.
final class LoopMailbox: Sendable {
  private let isStopping = Atomic<Bool>(false)
  private let isEnded = Atomic<Bool>(false)
  private let isFinished = Atomic<Bool>(false)
  private let isRoomWanted = Atomic<Bool>(false)
  private let isRoomNoticed = Atomic<Bool>(false)
  private let grantCount = Atomic<Int>(0)
  private let offered = Mutex<FileTable?>(nil)
  private let calls = Mutex<[HandlerCall]>([])
  private let written = Mutex<[SpoolWrite.Result]>([])
  private let wake: Descriptor

  init() throws(ServerError) {
    wake = Descriptor(owning: try ServerError.check(clinux_eventfd(), "eventfd"))
  }

  /// The descriptor that becomes readable when something was asked.
  var fd: Int32 { wake.number }

  /// Makes the descriptor unreadable. The loop calls it before it looks at what was asked, so that
  /// something asked in between wakes the loop once more.
  func clear() {
    var count: UInt64 = 0
    _ = unsafe read(wake.number, &count, MemoryLayout<UInt64>.size)
  }

  private func signal() {
    var one: UInt64 = 1
    // The counter cannot overflow by one for each request.
    _ = unsafe write(wake.number, &one, MemoryLayout<UInt64>.size)
  }
}

/// The end of the loop.
extension LoopMailbox {
  /// Asks the loop to finish the requests in flight and to end.
  func requestStop() {
    isStopping.store(true, ordering: .releasing)
    signal()
  }

  /// Whether a stop was asked for.
  var stopIsRequested: Bool { isStopping.load(ordering: .acquiring) }

  /// Notes that a stop was asked for and no request is in flight; the loop calls it.
  func noteRequestsFinished() { isFinished.store(true, ordering: .releasing) }

  /// Whether a stop was asked for and no request is in flight. Upgraded connections may remain.
  var hasFinishedRequests: Bool { isFinished.load(ordering: .acquiring) }

  /// Notes that the loop has ended; its thread calls it.
  func noteEnd() {
    isFinished.store(true, ordering: .releasing)
    isEnded.store(true, ordering: .releasing)
  }

  /// Whether the loop has ended.
  var hasEnded: Bool { isEnded.load(ordering: .acquiring) }
}

/// A new table.
extension LoopMailbox {
  /// Asks the loop to answer from `table`.
  func offer(_ table: FileTable) {
    offered.withLock { $0 = table }
    signal()
  }

  /// The table that was offered last and not taken.
  func takeOffer() -> FileTable? {
    offered.withLock { table in
      defer { table = nil }
      return table
    }
  }
}

/// Room for connections, which all loops of a server share.
extension LoopMailbox {
  /// Asks the loop to close a connection without a request for another loop's new one.
  func requestRoom() {
    isRoomWanted.store(true, ordering: .releasing)
    signal()
  }

  /// Whether that was asked since the last call.
  func takeRoomRequest() -> Bool {
    isRoomWanted.exchange(false, ordering: .acquiringAndReleasing)
  }

  /// Tells the loop that it may accept again.
  func noticeRoom() {
    isRoomNoticed.store(true, ordering: .releasing)
    signal()
  }

  /// Whether that was told since the last call.
  func takeRoomNotice() -> Bool {
    isRoomNoticed.exchange(false, ordering: .acquiringAndReleasing)
  }
}

/// The app's share, handlers and spools.
extension LoopMailbox {
  /// Lets the loop send one of its queued requests to the app.
  func grant() {
    grantCount.add(1, ordering: .acquiringAndReleasing)
    signal()
  }

  /// How many requests that are since the last call.
  func takeGrants() -> Int {
    grantCount.exchange(0, ordering: .acquiringAndReleasing)
  }

  /// Tells the loop that `call` has something for it.
  func post(_ call: HandlerCall) {
    let isFirst = calls.withLock { calls in
      defer { calls.append(call) }
      return calls.isEmpty
    }
    if isFirst { signal() }
  }

  /// The calls that were posted since the last call of this.
  func takeCalls() -> [HandlerCall] {
    calls.withLock { calls in
      defer { calls = [] }
      return calls
    }
  }

  /// Tells the loop that something was written to a spool's file, or could not be.
  func post(_ result: consuming SpoolWrite.Result) {
    let result = consume result
    written.withLock { $0.append(result) }
    signal()
  }

  /// The results that were posted since the last call of this.
  func takeWritten() -> [SpoolWrite.Result] {
    written.withLock { results in
      defer { results = [] }
      return results
    }
  }
}
