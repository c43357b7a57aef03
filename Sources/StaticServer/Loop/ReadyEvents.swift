internal import CLinux

/// One descriptor that became ready.
struct ReadyEvent {
  let descriptor: Int32
  /// The generation under which it was registered.
  let generation: UInt32
}

/// The events of one wait.
///
/// The unsafe part: `start` points to `capacity` events until `deinit`, of which the kernel has
/// filled as many as `wait` returned; `subscript` is called for those alone.
@safe struct ReadyEvents: ~Copyable {
  /// The generation of descriptors that are no connections.
  static let markGeneration = UInt32.max

  private let capacity: Int
  private let start: UnsafeMutablePointer<epoll_event>

  init(capacity: Int) {
    self.capacity = capacity
    unsafe start = .allocate(capacity: capacity)
    unsafe start.initialize(repeating: epoll_event(), count: capacity)
  }

  deinit {
    unsafe start.deallocate()
  }

  /// Waits and returns the number of events; an interruption counts as none.
  @inline(always)
  func wait(_ epoll: Int32, milliseconds: Int32) -> Int {
    max(0, unsafe clinux_epoll_wait(epoll, start, Int32(capacity), milliseconds))
  }

  @inline(always)
  subscript(index: Int) -> ReadyEvent {
    precondition(index >= 0 && index < capacity)
    let data = unsafe start[index].data.u64
    return ReadyEvent(
      descriptor: Int32(truncatingIfNeeded: data),
      generation: UInt32(data >> 32)
    )
  }

  /// The registration data of a connection.
  @inline(always)
  static func data(_ descriptor: Int32, _ generation: UInt32) -> UInt64 {
    UInt64(generation) << 32 | UInt64(UInt32(descriptor))
  }

  /// The registration data of a descriptor that is no connection.
  static func mark(_ descriptor: Int32) -> UInt64 { data(descriptor, markGeneration) }
}
