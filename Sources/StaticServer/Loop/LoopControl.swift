internal import CLinux
internal import StaticAssets
internal import Synchronization

/// What other threads may ask of an event loop: to stop.
final class LoopControl: Sendable {
  private let isStopping = Atomic<Bool>(false)
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
    var one: UInt64 = 1
    // The counter cannot overflow by one for each stop.
    _ = unsafe write(wake.number, &one, MemoryLayout<UInt64>.size)
  }
}
