internal import CLinux
internal import Glibc
internal import StaticAssets
internal import Synchronization

/// Requests of other threads to an event loop.
///
/// Every member may be used from any thread, except those documented as called by the loop.
final class LoopMailbox: Sendable {
  private let isStopping = Atomic<Bool>(false)
  private let isHasty = Atomic<Bool>(false)
  private let isEnded = Atomic<Bool>(false)
  private let isFinished = Atomic<Bool>(false)
  private let isRoomWanted = Atomic<Bool>(false)
  private let isRoomNoticed = Atomic<Bool>(false)
  private let grants = Mutex<[Int]>([])
  private let pulsesAsked = Atomic<Int>(0)
  private let pulsesSeen = Atomic<Int>(0)
  private let offered = Mutex<Offer?>(nil)
  private let calls = Mutex<[HandlerCall]>([])
  private let written = Mutex<[SpoolWrite.Result]>([])
  private let wake: Descriptor

  init() throws(StaticServerError) {
    wake = Descriptor(owning: try StaticServerError.check(clinux_eventfd(), "eventfd"))
  }

  /// The eventfd(2) that becomes readable when a request is posted.
  var fd: Int32 { wake.number }

  /// Resets the eventfd.
  ///
  /// The loop calls it before it reads the requests, so a request that is posted in between wakes
  /// the loop again.
  func clear() {
    var count: UInt64 = 0
    _ = unsafe read(wake.number, &count, MemoryLayout<UInt64>.size)
  }

  private func signal() {
    var one: UInt64 = 1
    // The counter has 64 bits and cannot overflow by increments of 1.
    _ = unsafe write(wake.number, &one, MemoryLayout<UInt64>.size)
  }
}

/// Stopping.
extension LoopMailbox {
  /// Requests the loop to finish the requests in flight and to end.
  ///
  /// - Parameter isHasty: whether idle connections are closed soon; else each may send one more
  ///   request, whose response has `Connection: close`.
  func requestStop(isHasty: Bool = true) {
    if isHasty { self.isHasty.store(true, ordering: .releasing) }
    isStopping.store(true, ordering: .releasing)
    signal()
  }

  /// Whether the loop must close idle connections soon.
  var stopIsHasty: Bool { isHasty.load(ordering: .acquiring) }

  /// Whether a stop was requested.
  var stopIsRequested: Bool { isStopping.load(ordering: .acquiring) }

  /// Records that a stop was requested and no request is in flight; called by the loop.
  func noteRequestsFinished() { isFinished.store(true, ordering: .releasing) }

  /// Whether a stop was requested and no request is in flight.
  ///
  /// Upgraded connections may remain.
  var hasFinishedRequests: Bool { isFinished.load(ordering: .acquiring) }

  /// Records that the loop has ended; called by its thread.
  func noteEnd() {
    isFinished.store(true, ordering: .releasing)
    isEnded.store(true, ordering: .releasing)
  }

  /// Whether the loop has ended.
  var hasEnded: Bool { isEnded.load(ordering: .acquiring) }
}

/// Replacing the table and the configuration.
extension LoopMailbox {
  /// The table and the configuration to be used by a loop.
  struct Offer: Sendable {
    var table: FileTable
    /// Nil keeps the loop's configuration.
    var configuration: StaticServer.Configuration?
  }

  /// Requests the loop to use `table`, and `configuration` if there is one.
  func offer(_ table: FileTable, _ configuration: StaticServer.Configuration? = nil) {
    offered.withLock { offer in
      offer = Offer(table: table, configuration: configuration ?? offer?.configuration)
    }
    signal()
  }

  /// Returns the last offer, once; nil if there is none.
  func takeOffer() -> Offer? {
    offered.withLock { offer in
      defer { offer = nil }
      return offer
    }
  }
}

/// Whether the loop is responsive.
extension LoopMailbox {
  /// Requests a pulse from the loop.
  func askPulse() {
    pulsesAsked.add(1, ordering: .acquiringAndReleasing)
    signal()
  }

  /// Gives the pulse; called by the loop.
  func givePulse() {
    pulsesSeen.store(pulsesAsked.load(ordering: .acquiring), ordering: .releasing)
  }

  /// Whether the loop has given a pulse since the last request, or has ended normally.
  var hasPulse: Bool {
    hasEnded
      || pulsesSeen.load(ordering: .acquiring) == pulsesAsked.load(ordering: .acquiring)
  }
}

/// The connection limit that all loops of a server share.
extension LoopMailbox {
  /// Requests the loop to close an idle connection, so that another loop can accept.
  func requestRoom() {
    isRoomWanted.store(true, ordering: .releasing)
    signal()
  }

  /// Whether `requestRoom` was called since the last call of this.
  func takeRoomRequest() -> Bool {
    isRoomWanted.exchange(false, ordering: .acquiringAndReleasing)
  }

  /// Notifies the loop that it may accept again.
  func noticeRoom() {
    isRoomNoticed.store(true, ordering: .releasing)
    signal()
  }

  /// Whether `noticeRoom` was called since the last call of this.
  func takeRoomNotice() -> Bool {
    isRoomNoticed.exchange(false, ordering: .acquiringAndReleasing)
  }
}

/// The concurrency limit, handlers and spools.
extension LoopMailbox {
  /// Permits the loop to send one of its queued requests to app `app`.
  func grant(_ app: Int) {
    grants.withLock { $0.append(app) }
    signal()
  }

  /// The apps of the `grant` calls since the last call of this.
  func takeGrants() -> [Int] {
    grants.withLock { grants in
      defer { grants = [] }
      return grants
    }
  }

  /// Notifies the loop that the state of `call` has changed.
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

  /// Passes the loop the result of a write to a spool file.
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
