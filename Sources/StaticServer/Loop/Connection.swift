/// One client connection: a plain value, 64 bytes, that is all zeros when its slot is free.
///
/// The unsafe parts: `input` and `output` are each nil or a heap block that this connection owns
/// and that `ConnectionSlab.release` frees.
@safe struct Connection {
  /// What the next readiness event means for a connection.
  enum State: UInt8 {
    /// No connection has this descriptor.
    case free
    /// Between two requests, or with a part of a head received.
    case reading
    /// With a response that the client has not taken in whole.
    case sending
    /// Answered for good; what still comes is read and dropped, so that the answer is not lost.
    case lingering
  }

  var state = State.free
  /// Whether the deadline is that of a head: it was set when the head's first byte was due.
  var timesHead = false
  /// The loop's number of the table that `output` points into.
  var epoch: UInt16 = 0
  /// The client's address.
  var peer = PeerAddress()
  /// Counts the connections that had this descriptor: tells a stale event from a real one.
  var generation: UInt32 = 0
  /// When the client is given up, in milliseconds of the monotonic clock.
  var deadline: Int64 = 0
  /// Bytes received and not answered: an incomplete head, or requests behind a blocked answer.
  var input = HeapBytes.none
  /// The response that the client has not taken in whole.
  var output: UnsafeMutablePointer<PendingOutput>?

  /// Whether the connection waits for a request of which nothing has come.
  var isIdle: Bool { state == .reading && input.count == 0 }

  /// Whether it is idle and has carried a request before.
  var isBetweenRequests: Bool { isIdle && !timesHead }
}

/// A block of heap memory with one owner that frees it by hand: part of plain values that are
/// copied as bytes.
@safe struct HeapBytes {
  /// The block; nil when there is none.
  private(set) var start: UnsafeMutableRawPointer?
  /// Its length in bytes.
  private(set) var count: Int

  /// No block.
  static var none: HeapBytes { unsafe HeapBytes(start: nil, count: 0) }

  /// A copy of `count` bytes at `source`; no block when there are none.
  init(copying source: UnsafeRawPointer, count: Int) {
    self.count = count
    guard count > 0 else {
      unsafe start = nil
      return
    }
    let block = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16)
    unsafe block.copyMemory(from: source, byteCount: count)
    unsafe start = block
  }

  private init(start: UnsafeMutableRawPointer?, count: Int) {
    unsafe self.start = start
    self.count = count
  }

  /// Frees the block; the value is then `none`.
  mutating func free() {
    unsafe start?.deallocate()
    self = .none
  }
}
