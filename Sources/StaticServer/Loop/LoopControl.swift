internal import CLinux
internal import StaticAssets
internal import Synchronization

/// What other threads may ask of an event loop: to answer from another table, and to stop.
final class LoopControl: Sendable {
  private let isStopping = Atomic<Bool>(false)
  private let offered = Mutex<FileTable?>(nil)
  private let wake: Descriptor

  init() throws(ServerError) {
    wake = Descriptor(owning: try ServerError.check(clinux_eventfd(), "eventfd"))
  }

  /// The descriptor that becomes readable when something was asked.
  var descriptor: Int32 { wake.number }

  /// Whether the loop shall finish what is in flight and end.
  var stopIsRequested: Bool { isStopping.load(ordering: .acquiring) }

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

  private func signal() {
    var one: UInt64 = 1
    // The counter cannot overflow by one for each request.
    _ = unsafe write(wake.number, &one, MemoryLayout<UInt64>.size)
  }
}
