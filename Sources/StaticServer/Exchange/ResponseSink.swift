internal import CLinux
internal import StaticAssets

/// What the client of an exchange has not taken of its response: in memory, then in a file, and at the
/// end a part of a file that the app has named.
///
/// So the app is never held by a slow client, up to the limits of `ForwardingConfiguration`.
struct ResponseSink: ~Copyable {
  /// Bytes that one client is sent in one turn, so that others get theirs.
  static let bytesPerTurn: Int64 = 2 << 20
  /// Bytes of a named file that go to one call.
  private static let fileBytesPerCall = 1 << 20

  /// What was not taken at once.
  var spool: ByteSpool
  /// A part of the only file of a table, which is sent behind the spool.
  var file: (table: FileTable, rest: Range<Int64>)?
  /// When the client has used up its time to take the response; `Int64.max` while nothing waits.
  var rateDeadline = Int64.max

  private var sentOffset: Int64 = 0
  /// Bytes that the system has taken for the client, and of these what its side had taken when that
  /// was looked at last.
  private(set) var sentTotal: Int64 = 0
  private var takenTotal: Int64 = 0

  init(memoryBytesMax: Int) {
    spool = ByteSpool(memoryBytesMax: memoryBytesMax)
  }

  /// Bytes that the client has not taken.
  var unsentCount: Int64 { spool.count - sentOffset + Int64(file?.rest.count ?? 0) }

  /// Whether there are bytes that can be sent now; others may be on their way to the spool's file.
  var canSend: Bool {
    sentOffset < spool.sendableCount
      || (sentOffset == spool.count && file?.rest.isEmpty == false)
  }

  /// Sends the bytes of `buffer` at once if nothing waits before them, and keeps the rest; false when
  /// the connection has failed. `buffer` is empty then.
  ///
  /// The unsafe parts are parts of `buffer`, which go to one call each.
  mutating func write(
    _ buffer: inout ByteBuffer,
    to client: Transport,
    mayUseFile: Bool
  ) -> Bool {
    defer { buffer.clear() }
    guard buffer.count > 0 else { return true }
    var sentCount = 0
    if unsentCount == 0 {
      let result = unsafe client.send(buffer.start, buffer.count, hasMore: false)
      guard result >= 0 || result == -Int(CLINUX_AGAIN) else { return false }
      sentCount = max(0, result)
      sentTotal += Int64(sentCount)
    }
    guard sentCount < buffer.count else { return true }
    let rest = unsafe UnsafeRawBufferPointer(
      start: buffer.start + sentCount,
      count: buffer.count - sentCount
    )
    unsafe spool.append(rest, mayUseFile: mayUseFile)
    return true
  }

  /// Sends what waits, as far as the client takes it and `bytesPerTurn`.
  mutating func flush(to client: Transport, _ fd: Int32) -> SendOutcome {
    let turnEnd = sentTotal + Self.bytesPerTurn
    while canSend, sentTotal < turnEnd {
      let result = sendNext(to: client, fd)
      if result == -Int(CLINUX_AGAIN) || result == -Int(CLINUX_INTERRUPTED) { break }
      guard result > 0 else { return .failed }
      sentTotal += Int64(result)
    }
    guard unsentCount == 0 else { return .blocked }
    clear()
    return .finished
  }

  private mutating func sendNext(to client: Transport, _ fd: Int32) -> Int {
    guard sentOffset == spool.count, let (table, rest) = file else {
      let result = spool.send(to: fd, from: sentOffset)
      if result > 0 { sentOffset += Int64(result) }
      return result
    }
    // Kept open by the table: it was opened when it was named.
    let descriptor = table.openFile(0).descriptor
    let count = min(rest.count, Self.fileBytesPerCall)
    let result = client.sendFile(descriptor, from: rest.lowerBound, count)
    if result > 0 { file = (table, (rest.lowerBound + Int64(result))..<rest.upperBound) }
    return result
  }

  /// Forgets what was sent.
  private mutating func clear() {
    file = nil
    spool.clear()
    sentOffset = 0
    rateDeadline = .max
  }

  /// Gives the client time to take what waits.
  mutating func beginRate(_ rate: MinimumRate, _ client: Transport, at now: Int64) {
    takenTotal = sentTotal - client.unacknowledgedCount
    rateDeadline = rate.deadline(from: now)
  }

  /// Moves the end of that time by what the client has taken since the last call.
  mutating func noteTaken(_ rate: MinimumRate, _ client: Transport, at now: Int64) {
    let gained = sentTotal - client.unacknowledgedCount - takenTotal
    guard gained > 0 else { return }
    takenTotal += gained
    guard rateDeadline < .max else { return }
    rateDeadline = rate.deadline(rateDeadline, after: gained, at: now)
  }
}
