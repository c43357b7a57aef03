internal import CLinux
internal import StaticAssets

/// What becomes of a connection after a response.
enum Ending {
  case keepsOpen
  /// The next request cannot be answered before more of its content has come.
  case awaitsContent
  /// Closed; what the client still sends is read first, so that the response reaches it.
  case closes
}

/// A response that its client has not taken in whole, on the heap while it waits.
///
/// The parts of a multipart follow each other by `next`; only they have one.
///
/// The unsafe parts: `bytes` and `next` are owned by this value; `body` points into the table, which
/// the loop keeps alive; `free` is called once, by whoever owns the first of a row.
@safe struct PendingOutput {
  /// Heads and small bodies that were not sent, from `sentCount` on.
  var bytes: HeapBytes
  var sentCount = 0
  /// What follows the bytes.
  var body: Body
  /// What is sent after the body.
  var next: UnsafeMutablePointer<PendingOutput>?
  /// What becomes of the connection after this.
  var ending = Ending.keepsOpen

  /// Bytes that the system has taken since the response was kept.
  var sentTotal: Int64 = 0
  /// Of these, what the client's side had taken when that was looked at last; below zero at first,
  /// by what the system still had then.
  var takenTotal: Int64 = 0

  /// Bytes of memory that the response and what follows it hold.
  var heldByteCount: Int {
    var count = bytes.count
    var rest = unsafe next
    while let pointer = unsafe rest {
      unsafe count += pointer.pointee.bytes.count
      unsafe rest = pointer.pointee.next
    }
    return count
  }

  /// What is left of a body.
  @safe enum Body {
    case none
    /// Bytes of the table's memory.
    case memory(UnsafeRawPointer, count: Int)
    /// `count` bytes of a file from `offset`; closed at the end unless it is the table's.
    case file(Int32, offset: Int64, count: Int64, isKept: Bool)
  }

  /// A response of which nothing is sent: `bytes` and then `body`.
  init(bytes: HeapBytes, body: Body) {
    self.bytes = bytes
    self.body = body
  }

  /// A copy of `text`, and then `body`.
  init(_ text: [UInt8], then body: Body) {
    bytes = unsafe text.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress else { return .none }
      return unsafe HeapBytes(copying: start, count: buffer.count)
    }
    self.body = body
  }

  /// What a try to send came to.
  enum Progress {
    case finished, blocked, failed
  }

  /// The most bytes of files sent in one turn, so that other connections get theirs.
  static let fileBytesPerTurn: Int64 = 2 << 20

  /// Sends as much as the client takes now of `output` and what follows it, and adds it to
  /// `sentCount`; frees what is sent, except the last.
  static func resume(
    _ output: inout UnsafeMutablePointer<PendingOutput>,
    _ number: Int32,
    _ sentCount: inout Int64
  ) -> Progress {
    var budget = fileBytesPerTurn
    while true {
      let before = unsafe output.pointee.sentTotal
      let progress = unsafe output.pointee.resume(number, &budget)
      unsafe sentCount += output.pointee.sentTotal - before
      guard progress == .finished, let next = unsafe output.pointee.next else { return progress }
      unsafe next.pointee.ending = output.pointee.ending
      unsafe next.pointee.sentTotal = output.pointee.sentTotal
      unsafe next.pointee.takenTotal = output.pointee.takenTotal
      unsafe output.pointee.next = nil
      unsafe free(output)
      unsafe output = next
    }
  }

  private mutating func resume(_ number: Int32, _ budget: inout Int64) -> Progress {
    let progress = sendBytes(number)
    guard progress == .finished else { return progress }
    switch body {
    case .none: return .finished
    case .memory(let start, let count): return unsafe sendMemory(number, start, count)
    case .file(let file, let offset, let count, let isKept):
      return sendFile(number, file, offset, count, isKept, &budget)
    }
  }

  private mutating func sendBytes(_ number: Int32) -> Progress {
    guard let start = unsafe bytes.start, sentCount < bytes.count else { return .finished }
    let count = bytes.count - sentCount
    var hasBody = Int32(1)
    if case .none = body { hasBody = 0 }
    let result = unsafe clinux_send(number, start + sentCount, count, hasBody)
    guard result >= 0 else { return result == -Int(EAGAIN) ? .blocked : .failed }
    sentCount += result
    sentTotal += Int64(result)
    return result == count ? .finished : .blocked
  }

  private mutating func sendMemory(
    _ number: Int32,
    _ start: UnsafeRawPointer,
    _ count: Int
  ) -> Progress {
    guard count > 0 else { return .finished }
    let result = unsafe clinux_send(number, start, count, next == nil ? 0 : 1)
    guard result >= 0 else { return result == -Int(EAGAIN) ? .blocked : .failed }
    sentTotal += Int64(result)
    unsafe body = .memory(start + result, count: count - result)
    return result == count ? .finished : .blocked
  }

  private mutating func sendFile(
    _ number: Int32,
    _ file: Int32,
    _ start: Int64,
    _ count: Int64,
    _ isKept: Bool,
    _ budget: inout Int64
  ) -> Progress {
    var offset = start
    let end = start + count
    defer { unsafe body = .file(file, offset: offset, count: end - offset, isKept: isKept) }
    let progress = Self.sendFile(number, file, from: &offset, to: end, atMost: budget)
    budget -= offset - start
    sentTotal += offset - start
    return progress
  }

  /// Sends bytes of `file` from `offset` to `end`, at most `budget`; moves `offset`.
  static func sendFile(
    _ number: Int32,
    _ file: Int32,
    from offset: inout Int64,
    to end: Int64,
    atMost budget: Int64
  ) -> Progress {
    let turnEnd = min(end, offset + budget)
    while offset < turnEnd {
      let result = clinux_send_file(number, file, offset, Int(turnEnd - offset))
      if result == -Int(EAGAIN) { return .blocked }
      // No more bytes means that the file was cut: the length that was announced cannot be kept,
      // and only a closed connection tells the client so.
      guard result > 0 else { return .failed }
      offset += Int64(result)
    }
    return offset == end ? .finished : .blocked
  }

  /// Puts `output` on the heap.
  static func allocate(_ output: PendingOutput) -> UnsafeMutablePointer<PendingOutput> {
    let pointer = UnsafeMutablePointer<PendingOutput>.allocate(capacity: 1)
    unsafe pointer.initialize(to: output)
    return unsafe pointer
  }

  /// Frees what `allocate` returned, what it owns and what follows it.
  static func free(_ first: UnsafeMutablePointer<PendingOutput>) {
    var rest: UnsafeMutablePointer<PendingOutput>? = unsafe first
    while let pointer = unsafe rest {
      unsafe rest = pointer.pointee.next
      unsafe pointer.pointee.bytes.free()
      if case .file(let file, _, _, false) = unsafe pointer.pointee.body { _ = clinux_close(file) }
      unsafe pointer.deallocate()
    }
  }
}
