internal import Glibc

/// Deadlines of numbered slots, in one queue for each time-out.
///
/// All deadlines of a queue have the same duration, so the order of setting is the order of expiry:
/// setting, cancelling and finding the next deadline are O(1). Deadlines are rounded up to 16 ms. A
/// deadline that is set again within the same 16 ms keeps its position, so a busy connection is not
/// moved at each request.
///
/// Confined to the thread of its loop. The unsafe part: `nodes` points to `capacity` values; all
/// zeros is a slot without a deadline. Every index is checked against `capacity`.
@safe struct DeadlineQueues: ~Copyable {
  /// The number of queues.
  static let countMax = 8
  /// The granularity of deadlines in milliseconds.
  private static let step: Int64 = 16

  /// A slot of a queue.
  ///
  /// A link is the slot's number plus 1; 0 is the end.
  private struct Node {
    var next: UInt32 = 0
    var previous: UInt32 = 0
    /// The deadline in milliseconds, with the queue's number plus 1 in its lowest four bits; 0 is
    /// no deadline.
    var deadlineAndQueue: Int64 = 0
  }

  private let capacity: Int
  private let nodes: UnsafeMutablePointer<Node>
  private var first: [8 of UInt32] = [8 of UInt32](repeating: 0)
  private var last: [8 of UInt32] = [8 of UInt32](repeating: 0)
  private var durations: [8 of Int64]

  /// Creates queues for slots below `capacity`, with time-outs `durations` in milliseconds.
  init(capacity: Int, durations: [8 of Int64]) {
    self.capacity = capacity
    self.durations = durations
    // calloc(3) maps zero pages, which use memory only when they are written.
    guard let block = unsafe calloc(max(1, capacity), MemoryLayout<Node>.stride) else {
      fatalError("out of memory for \(capacity) deadlines")
    }
    unsafe nodes = block.bindMemory(to: Node.self, capacity: capacity)
  }

  deinit {
    unsafe free(nodes)
  }

  /// Changes the time-outs, also of deadlines that are set.
  ///
  /// All deadlines of a queue move by the same time, so their order stays.
  mutating func change(durations: [8 of Int64]) {
    for queue in 0..<Self.countMax where durations[queue] != self.durations[queue] {
      let difference = durations[queue] - self.durations[queue] + Self.step - 1
      let shift = difference & ~(Self.step - 1)
      var link = first[queue]
      while link != 0 {
        let slot = Int32(link - 1)
        self[slot].deadlineAndQueue += shift
        link = self[slot].next
      }
    }
    self.durations = durations
  }

  /// The earliest deadline in monotonic milliseconds; `Int64.max` if there is none.
  var next: Int64 {
    var next = Int64.max
    for queue in 0..<Self.countMax where first[queue] != 0 {
      next = min(next, deadline(of: first[queue] - 1))
    }
    return next
  }

  /// Sets the deadline of `slot` to `now` plus the time-out of `queue`; replaces an earlier
  /// deadline.
  @inline(always)
  mutating func set(_ slot: Int32, _ queue: Int, at now: Int64) {
    let deadline = (now &+ durations[queue] &+ (Self.step &- 1)) & ~(Self.step &- 1)
    let value = deadline | Int64(queue &+ 1)
    guard self[slot].deadlineAndQueue != value else { return }
    move(slot, value)
  }

  /// Cancels the deadline of `slot`, if it has one.
  @inline(always)
  mutating func cancel(_ slot: Int32) {
    if self[slot].deadlineAndQueue != 0 { unlink(slot) }
  }

  /// Removes and returns a slot whose deadline is not after `now`; nil if there is none.
  mutating func popExpired(at now: Int64) -> (slot: Int32, queue: Int)? {
    for queue in 0..<Self.countMax where first[queue] != 0 {
      let slot = first[queue] - 1
      guard deadline(of: slot) <= now else { continue }
      unlink(Int32(slot))
      return (Int32(slot), queue)
    }
    return nil
  }

  /// The slot of `queue` with the earliest deadline; nil if the queue is empty.
  func oldest(in queue: Int) -> Int32? {
    first[queue] == 0 ? nil : Int32(first[queue] - 1)
  }

  /// The slot behind `slot` in its queue; nil at the end or if `slot` has no deadline.
  func successor(of slot: Int32) -> Int32? {
    let next = self[slot].next
    return next == 0 ? nil : Int32(next - 1)
  }

  /// The queue of `slot`; nil if it has no deadline.
  func queue(of slot: Int32) -> Int? {
    let value = self[slot].deadlineAndQueue
    return value == 0 ? nil : Int(value & (Self.step - 1)) - 1
  }

  /// The time at which the deadline of `slot` was set, in milliseconds, up to 16 ms late; nil if it
  /// has no deadline.
  func setTime(of slot: Int32) -> Int64? {
    queue(of: slot).map { deadline(of: UInt32(slot)) - durations[$0] }
  }

  private func deadline(of slot: UInt32) -> Int64 {
    self[Int32(slot)].deadlineAndQueue & ~(Self.step - 1)
  }

  @inline(never)
  private mutating func move(_ slot: Int32, _ value: Int64) {
    if self[slot].deadlineAndQueue != 0 { unlink(slot) }
    let queue = Int(value & (Self.step - 1)) - 1
    let link = UInt32(slot) + 1
    self[slot].deadlineAndQueue = value
    self[slot].previous = last[queue]
    self[slot].next = 0
    if last[queue] != 0 {
      self[Int32(last[queue] - 1)].next = link
    } else {
      first[queue] = link
    }
    last[queue] = link
  }

  private mutating func unlink(_ slot: Int32) {
    let node = self[slot]
    let queue = Int(node.deadlineAndQueue & (Self.step - 1)) - 1
    if node.previous != 0 {
      self[Int32(node.previous - 1)].next = node.next
    } else {
      first[queue] = node.next
    }
    if node.next != 0 {
      self[Int32(node.next - 1)].previous = node.previous
    } else {
      last[queue] = node.previous
    }
    self[slot] = Node()
  }

  @inline(always)
  private subscript(slot: Int32) -> Node {
    unsafeAddress {
      precondition(slot >= 0 && Int(slot) < capacity)
      return unsafe UnsafePointer(nodes + Int(slot))
    }
    unsafeMutableAddress {
      precondition(slot >= 0 && Int(slot) < capacity)
      return unsafe nodes + Int(slot)
    }
  }
}
