internal import CLinux
internal import StaticAssets

/// What becomes of a connection after a response.
enum ConnectionEnding {
  case keepsOpen
  /// The next request cannot be answered before more of its content has come.
  case awaitsContent
  /// Closed; what the client still sends is read first, so that the response reaches it.
  case closes
}

/// What sending came to.
enum SendOutcome {
  /// All of it was taken by the system.
  case finished
  /// The client does not take more now.
  case blocked
  /// The connection has failed, or the file was cut.
  case failed
}

/// A response that its client has not taken in whole, on the heap while it waits.
///
/// The parts of a multipart follow each other by `next`; only they have one.
///
/// The unsafe parts: `bytes`, `next` and an owned body are owned by this value; a body in the table's
/// memory is valid until `detach`, which the loop calls before it lets the table go; `free` is called
/// once, by the owner of the first of a row.
@safe struct ResponseBacklog {
  /// Heads and small bodies that were not sent, from `sentCount` on.
  var bytes: OwnedBytes
  var sentCount = 0
  /// What follows the bytes.
  var body: Body
  /// What is sent after the body.
  var next: UnsafeMutablePointer<ResponseBacklog>?
  /// What becomes of the connection after this.
  var ending = ConnectionEnding.keepsOpen

  /// Bytes that the system has taken since the response was kept.
  var sentTotal: Int64 = 0
  /// Of these, what the client's side had taken when that was looked at last; below zero at first,
  /// by what the system still had then.
  var takenTotal: Int64 = 0

  /// What is left of a body.
  @safe enum Body {
    case none
    /// Bytes of the table's memory.
    case memory(UnsafeRawPointer, count: Int)
    /// Bytes of this value's own, from `sentCount` on.
    case owned(OwnedBytes, sentCount: Int)
    /// `count` bytes of a file from `offset`; closed at the end unless it is the table's.
    case file(Int32, offset: Int64, count: Int64, isKept: Bool)
  }

  /// A response of which nothing is sent: `bytes` and then `body`.
  init(bytes: OwnedBytes, body: Body) {
    self.bytes = bytes
    self.body = body
  }

  /// A copy of `text`, and then `body`.
  init(_ text: [UInt8], then body: Body) {
    bytes = unsafe text.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress else { return .none }
      return unsafe OwnedBytes(copying: start, count: buffer.count)
    }
    self.body = body
  }

  /// Bytes of memory that the response and what follows it hold.
  var heldByteCount: Int {
    var count = ownByteCount
    var rest = unsafe next
    while let pointer = unsafe rest {
      unsafe count += pointer.pointee.ownByteCount
      unsafe rest = pointer.pointee.next
    }
    return count
  }

  private var ownByteCount: Int {
    guard case .owned(let body, _) = body else { return bytes.count }
    return bytes.count + body.count
  }
}

/// Sending.
extension ResponseBacklog {
  /// The most bytes of files sent in one turn, so that other connections get theirs.
  static let fileBytesPerTurn: Int64 = 2 << 20

  /// Sends as much as the client takes now of `backlog` and what follows it, and adds it to
  /// `sentCount`; frees what is sent, except the last.
  static func flush(
    _ backlog: inout UnsafeMutablePointer<ResponseBacklog>,
    to client: Transport,
    _ sentCount: inout Int64
  ) -> SendOutcome {
    var budget = fileBytesPerTurn
    while true {
      let before = unsafe backlog.pointee.sentTotal
      let outcome = unsafe backlog.pointee.flush(client, &budget)
      unsafe sentCount += backlog.pointee.sentTotal - before
      guard outcome == .finished, let next = unsafe backlog.pointee.next else { return outcome }
      unsafe next.pointee.ending = backlog.pointee.ending
      unsafe next.pointee.sentTotal = backlog.pointee.sentTotal
      unsafe next.pointee.takenTotal = backlog.pointee.takenTotal
      unsafe backlog.pointee.next = nil
      unsafe free(backlog)
      unsafe backlog = next
    }
  }

  private mutating func flush(_ client: Transport, _ budget: inout Int64) -> SendOutcome {
    let outcome = sendBytes(client)
    guard outcome == .finished else { return outcome }
    switch body {
    case .none: return .finished
    case .memory(let start, let count):
      guard count > 0 else { return .finished }
      let result = unsafe client.send(start, count, hasMore: next != nil)
      guard result >= 0 else { return Self.outcome(of: result) }
      unsafe body = .memory(start + result, count: count - result)
      return note(result, of: count)
    case .owned(let bytes, let sent):
      guard let start = unsafe bytes.start, sent < bytes.count else { return .finished }
      let result = unsafe client.send(start + sent, bytes.count - sent, hasMore: next != nil)
      guard result >= 0 else { return Self.outcome(of: result) }
      body = .owned(bytes, sentCount: sent + result)
      return note(result, of: bytes.count - sent)
    case .file(let file, let offset, let count, let isKept):
      return sendFile(client, file, offset, count, isKept, &budget)
    }
  }

  private mutating func sendBytes(_ client: Transport) -> SendOutcome {
    guard let start = unsafe bytes.start, sentCount < bytes.count else { return .finished }
    let count = bytes.count - sentCount
    var hasBody = true
    if case .none = body { hasBody = false }
    let result = unsafe client.send(start + sentCount, count, hasMore: hasBody)
    guard result >= 0 else { return Self.outcome(of: result) }
    sentCount += result
    return note(result, of: count)
  }

  private mutating func note(_ result: Int, of count: Int) -> SendOutcome {
    sentTotal += Int64(result)
    return result == count ? .finished : .blocked
  }

  private static func outcome(of error: Int) -> SendOutcome {
    error == -Int(CLINUX_AGAIN) ? .blocked : .failed
  }

  private mutating func sendFile(
    _ client: Transport,
    _ file: Int32,
    _ start: Int64,
    _ count: Int64,
    _ isKept: Bool,
    _ budget: inout Int64
  ) -> SendOutcome {
    var offset = start
    let end = start + count
    defer { body = .file(file, offset: offset, count: end - offset, isKept: isKept) }
    let outcome = Self.sendFile(client, file, from: &offset, to: end, atMost: budget)
    budget -= offset - start
    sentTotal += offset - start
    return outcome
  }

  /// Sends bytes of `file` from `offset` to `end`, at most `budget`; moves `offset`.
  static func sendFile(
    _ client: Transport,
    _ file: Int32,
    from offset: inout Int64,
    to end: Int64,
    atMost budget: Int64
  ) -> SendOutcome {
    let turnEnd = min(end, offset + budget)
    while offset < turnEnd {
      let result = client.sendFile(file, from: offset, Int(turnEnd - offset))
      if result == -Int(CLINUX_AGAIN) { return .blocked }
      // No more bytes means that the file was cut: the length that was announced cannot be kept,
      // and only a closed connection tells the client so.
      guard result > 0 else { return .failed }
      offset += Int64(result)
    }
    return offset == end ? .finished : .blocked
  }
}

/// Memory.
extension ResponseBacklog {
  /// Puts `backlog` on the heap.
  static func allocate(_ backlog: ResponseBacklog) -> UnsafeMutablePointer<ResponseBacklog> {
    let pointer = UnsafeMutablePointer<ResponseBacklog>.allocate(capacity: 1)
    unsafe pointer.initialize(to: backlog)
    return unsafe pointer
  }

  /// Makes a row of responses independent of the table that they were made from: what is left of a
  /// body in memory is copied, at most 64 KiB of each, and a file of the table is opened once more.
  ///
  /// - Returns: false when the system has no descriptor left for that.
  static func detach(_ first: UnsafeMutablePointer<ResponseBacklog>) -> Bool {
    var rest: UnsafeMutablePointer<ResponseBacklog>? = unsafe first
    while let pointer = unsafe rest {
      guard unsafe pointer.pointee.detach() else { return false }
      unsafe rest = pointer.pointee.next
    }
    return true
  }

  private mutating func detach() -> Bool {
    switch body {
    case .none, .owned, .file(_, _, _, isKept: false): return true
    case .memory(let start, let count):
      body = unsafe .owned(OwnedBytes(copying: start, count: count), sentCount: 0)
      return true
    case .file(let file, let offset, let count, isKept: true):
      let copy = clinux_duplicate(file)
      guard copy >= 0 else { return false }
      body = .file(Int32(copy), offset: offset, count: count, isKept: false)
      return true
    }
  }

  /// Frees what `allocate` returned, what it owns and what follows it.
  static func free(_ first: UnsafeMutablePointer<ResponseBacklog>) {
    var rest: UnsafeMutablePointer<ResponseBacklog>? = unsafe first
    while let pointer = unsafe rest {
      unsafe rest = pointer.pointee.next
      unsafe pointer.pointee.bytes.free()
      switch unsafe pointer.pointee.body {
      case .none, .memory, .file(_, _, _, isKept: true): break
      case .owned(var bytes, _): bytes.free()
      case .file(let file, _, _, isKept: false): _ = clinux_close(file)
      }
      unsafe pointer.deallocate()
    }
  }
}
