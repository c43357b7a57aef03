internal import CLinux
internal import StaticAssets
internal import Synchronization

/// What other threads may ask of an event loop: to answer from another table, to make room for a
/// connection or take note that there is some, to take what handlers have made, and to stop.
final class LoopControl: Sendable {
  private let isStopping = Atomic<Bool>(false)
  private let isEnded = Atomic<Bool>(false)
  private let isRoomWanted = Atomic<Bool>(false)
  private let isRoomNoticed = Atomic<Bool>(false)
  private let offered = Mutex<FileTable?>(nil)
  private let concurrency = Atomic<Int>(-1)
  private let calls = Mutex<[AppCall]>([])
  private let wake: Descriptor

  init() throws(ServerError) {
    wake = Descriptor(owning: try ServerError.check(clinux_eventfd(), "eventfd"))
  }

  /// The descriptor that becomes readable when something was asked.
  var descriptor: Int32 { wake.number }

  /// Whether the loop shall finish what is in flight and end.
  var stopIsRequested: Bool { isStopping.load(ordering: .acquiring) }

  /// Whether the loop has ended.
  var hasEnded: Bool { isEnded.load(ordering: .acquiring) }

  /// Notes that the loop has ended.
  func noteEnd() { isEnded.store(true, ordering: .releasing) }

  /// Asks the loop to stop; it wakes at once.
  func requestStop() {
    isStopping.store(true, ordering: .releasing)
    signal()
  }

  /// Asks the loop to answer from `table`; it wakes at once.
  func offer(_ table: FileTable) {
    offered.withLock { $0 = table }
    signal()
  }

  /// Asks the loop to give the app `count` requests at a time from now on; it wakes at once.
  func setUpstreamConcurrency(_ count: Int) {
    concurrency.store(count, ordering: .releasing)
    signal()
  }

  /// The number that was set last; nil when the configuration's counts.
  var upstreamConcurrency: Int? {
    let count = concurrency.load(ordering: .acquiring)
    return count < 0 ? nil : count
  }

  /// Asks the loop to close an idle connection for another loop's new one.
  func requestRoom() {
    isRoomWanted.store(true, ordering: .releasing)
    signal()
  }

  /// Tells the loop that it may accept again.
  func noticeRoom() {
    isRoomNoticed.store(true, ordering: .releasing)
    signal()
  }

  /// Whether an idle connection was asked for since the last call.
  func takeRoomRequest() -> Bool {
    isRoomWanted.exchange(false, ordering: .acquiringAndReleasing)
  }

  /// Whether there was said to be room since the last call.
  func takeRoomNotice() -> Bool {
    isRoomNoticed.exchange(false, ordering: .acquiringAndReleasing)
  }

  /// The table that was offered last and not taken; the descriptor is no longer readable then.
  func takeOffer() -> FileTable? {
    // Before the look, so that an offer made in between wakes the loop once more.
    var count: UInt64 = 0
    _ = unsafe read(wake.number, &count, MemoryLayout<UInt64>.size)
    return offered.withLock { table in
      defer { table = nil }
      return table
    }
  }

  /// Tells the loop that `call` has something for it.
  func post(_ call: AppCall) {
    let isFirst = calls.withLock { calls in
      defer { calls.append(call) }
      return calls.isEmpty
    }
    if isFirst { signal() }
  }

  /// The calls that were posted since the last call of this.
  func takeCalls() -> [AppCall] {
    calls.withLock { calls in
      defer { calls = [] }
      return calls
    }
  }

  private func signal() {
    var one: UInt64 = 1
    // The counter cannot overflow by one for each request.
    _ = unsafe write(wake.number, &one, MemoryLayout<UInt64>.size)
  }
}
