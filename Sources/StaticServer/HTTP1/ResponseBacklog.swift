internal import CLinux
internal import StaticAssets

/// The state of a connection after a response.
enum ConnectionEnding {
  case keepsOpen
  /// The connection waits for more content of the next request.
  case awaitsContent
  /// The next request waits for the table of files.
  case awaitsTable
  /// The sending side is shut down and input is discarded, so that the response reaches the client.
  case closes
}

/// The result of sending.
enum SendOutcome {
  /// The kernel accepted all bytes.
  case finished
  /// The socket is full.
  case blocked
  /// The connection has failed.
  case failed
  /// The file was truncated, has changed or cannot be read: the announced content cannot be sent.
  case fileFailed
}

/// The rest of a response that the socket did not accept, on the heap.
///
/// The parts of a multipart response are linked by `next`; other responses have one element.
///
/// The unsafe parts: this value owns `bytes`, `next` and an owned body. A body in the table's
/// memory is valid until `detach`, which the loop calls before it releases the table. The owner of
/// the first element calls `free` once.
@safe struct ResponseBacklog {
  /// Heads and small bodies; the bytes from `sentCount` on are not sent.
  var bytes: OwnedBytes
  var sentCount = 0
  /// The body behind the bytes.
  var body: Body
  /// The element sent after the body.
  var next: UnsafeMutablePointer<ResponseBacklog>?
  /// The state of the connection after this response.
  var ending = ConnectionEnding.keepsOpen

  /// Bytes that the kernel accepted since the backlog was created.
  var sentTotal: Int64 = 0
  /// The number of them that the client had acknowledged at the last check; negative at first, by
  /// the bytes that were unacknowledged when the backlog was created.
  var takenTotal: Int64 = 0

  /// The rest of a body.
  @safe enum Body {
    case none
    /// Bytes in the table's memory.
    case memory(UnsafeRawPointer, count: Int)
    /// Bytes owned by this value; those from `sentCount` on are not sent.
    case owned(OwnedBytes, sentCount: Int)
    /// A part of a file, which is closed at the end unless the table keeps it open.
    case file(FileRest)

    var unsentByteCount: Int64 {
      switch self {
      case .none: 0
      case .memory(_, let count): Int64(count)
      case .owned(let bytes, let sentCount): Int64(bytes.count - sentCount)
      case .file(let rest): rest.count
      }
    }
  }

  /// A response of which nothing is sent: `bytes`, then `body`.
  init(bytes: OwnedBytes, body: Body) {
    self.bytes = bytes
    self.body = body
  }

  /// A copy of `text`, then `body`.
  init(_ text: [UInt8], then body: Body) {
    bytes = unsafe text.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress else { return .none }
      return unsafe OwnedBytes(copying: start, count: buffer.count)
    }
    self.body = body
  }

  /// The bytes of memory that this element and the following ones use.
  var heldByteCount: Int {
    var count = ownByteCount
    var rest = unsafe next
    while let pointer = unsafe rest {
      unsafe count += pointer.pointee.ownByteCount
      unsafe rest = pointer.pointee.next
    }
    return count
  }

  /// The bytes of this element and the following ones that are not sent.
  var unsentByteCount: Int64 {
    var count = ownUnsentByteCount
    var rest = unsafe next
    while let pointer = unsafe rest {
      unsafe count += pointer.pointee.ownUnsentByteCount
      unsafe rest = pointer.pointee.next
    }
    return count
  }

  private var ownUnsentByteCount: Int64 {
    Int64(bytes.count - sentCount) + body.unsentByteCount
  }

  private var ownByteCount: Int {
    guard case .owned(let body, _) = body else { return bytes.count }
    return bytes.count + body.count
  }
}

/// Sending.
extension ResponseBacklog {
  /// The limit of file bytes sent per turn, so that the loop serves other connections.
  static let fileBytesPerTurn: Int64 = 2 << 20

  /// Sends `backlog` and the elements behind it until the socket is full.
  ///
  /// Adds the bytes to `sentCount`, and frees each element that is sent, except the last.
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
    case .file(var rest):
      let before = rest.offset
      let outcome = rest.send(to: client, atMost: budget)
      budget -= rest.offset - before
      sentTotal += rest.offset - before
      body = .file(rest)
      return outcome
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
}

/// Memory.
extension ResponseBacklog {
  /// Moves `backlog` to the heap.
  static func allocate(_ backlog: ResponseBacklog) -> UnsafeMutablePointer<ResponseBacklog> {
    let pointer = UnsafeMutablePointer<ResponseBacklog>.allocate(capacity: 1)
    unsafe pointer.initialize(to: backlog)
    return unsafe pointer
  }

  /// Makes a list of elements independent of the table.
  ///
  /// The rest of a body in memory is copied, at most 64 KiB each; a file of the table is opened
  /// again.
  ///
  /// - Returns: false if no descriptor is available for that.
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
    case .none, .owned: return true
    case .memory(let start, let count):
      body = unsafe .owned(OwnedBytes(copying: start, count: count), sentCount: 0)
      return true
    case .file(let rest):
      guard rest.isKept else { return true }
      let copy = clinux_duplicate(rest.descriptor)
      guard copy >= 0 else { return false }
      body = .file(
        FileRest(
          descriptor: Int32(copy),
          offset: rest.offset,
          end: rest.end,
          isKept: false,
          version: rest.version
        )
      )
      return true
    }
  }

  /// Frees the elements from `first` on, and what they own.
  static func free(_ first: UnsafeMutablePointer<ResponseBacklog>) {
    var rest: UnsafeMutablePointer<ResponseBacklog>? = unsafe first
    while let pointer = unsafe rest {
      unsafe rest = pointer.pointee.next
      unsafe pointer.pointee.bytes.free()
      switch unsafe pointer.pointee.body {
      case .none, .memory: break
      case .owned(var bytes, _): bytes.free()
      case .file(let rest): if !rest.isKept { _ = clinux_close(rest.descriptor) }
      }
      unsafe pointer.deallocate()
    }
  }
}
