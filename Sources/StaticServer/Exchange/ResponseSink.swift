internal import CLinux
internal import StaticAssets

/// Response bytes that the client has not received: in memory, then in a file, then from a stored
/// file.
///
/// So a slow client does not block the app, up to the limits of `ForwardingConfiguration`.
struct ResponseSink: ~Copyable {
  /// The limit of bytes sent to one client per turn, so that the loop serves the others.
  static let bytesPerTurn: Int64 = 2 << 20
  /// The limit of bytes of a named file per sendfile(2) call.
  private static let fileBytesPerCall = 1 << 20

  /// Bytes that could not be sent at once.
  var spool: ByteSpool
  /// A range of a stored file of `table`, sent behind the spool.
  var file: (table: FileTable, number: Int, rest: Range<Int64>)?
  /// The time by which the client must have received more, in monotonic milliseconds; `Int64.max`
  /// while nothing waits.
  var rateDeadline = Int64.max

  private var sentOffset: Int64 = 0
  /// Bytes that the kernel accepted; `takenTotal` is how many of them the client's kernel had
  /// acknowledged at the last check.
  private(set) var sentTotal: Int64 = 0
  private var takenTotal: Int64 = 0

  init(memoryBytesMax: Int) {
    spool = ByteSpool(memoryBytesMax: memoryBytesMax)
  }

  /// The bytes that wait to be sent.
  var unsentCount: Int64 { spool.count - sentOffset + Int64(file?.rest.count ?? 0) }

  /// Whether bytes can be sent now; others may still be written to the spool's file.
  var canSend: Bool {
    sentOffset < spool.sendableCount
      || (sentOffset == spool.count && file?.rest.isEmpty == false)
  }

  /// Sends the bytes of `buffer` if nothing waits before them, and stores the rest in the spool.
  ///
  /// `buffer` is empty afterwards. Returns false if the connection has failed.
  ///
  /// The unsafe parts are addresses in `buffer`; each is passed to one call.
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

  /// Sends waiting bytes, up to `bytesPerTurn`, until the socket is full.
  mutating func flush(to client: Transport, _ fd: Int32) -> SendOutcome {
    let turnEnd = sentTotal + Self.bytesPerTurn
    while canSend, sentTotal < turnEnd {
      let result = sendNext(to: client, fd)
      if result == -Int(CLINUX_AGAIN) || result == -Int(CLINUX_INTERRUPTED) { break }
      guard result > 0 else { return result == 0 ? .fileFailed : .failed }
      sentTotal += Int64(result)
    }
    guard unsentCount == 0 else { return .blocked }
    clear()
    return .finished
  }

  /// Sends the next bytes; returns their number, 0 if the file cannot be read, or a negative error
  /// number of the connection.
  private mutating func sendNext(to client: Transport, _ fd: Int32) -> Int {
    guard sentOffset == spool.count, let (table, number, rest) = file else {
      let result = spool.send(to: fd, from: sentOffset)
      if result > 0 { sentOffset += Int64(result) }
      return result
    }
    // A file that the app selected is kept open; that of an error page may have to be opened.
    let (descriptor, isKept) = table.openFile(number)
    guard descriptor >= 0 else { return 0 }
    let count = min(rest.count, Self.fileBytesPerCall)
    let result = client.sendFile(descriptor, from: rest.lowerBound, count)
    if !isKept { _ = clinux_close(descriptor) }
    if result > 0 { file = (table, number, (rest.lowerBound + Int64(result))..<rest.upperBound) }
    return result
  }

  /// Removes the bytes that were sent.
  private mutating func clear() {
    file = nil
    spool.clear()
    sentOffset = 0
    rateDeadline = .max
  }

  /// Starts the minimum rate for the bytes that wait.
  mutating func beginRate(_ rate: MinimumRate, _ client: Transport, at now: Int64) {
    takenTotal = sentTotal - client.unacknowledgedCount
    rateDeadline = rate.deadline(from: now)
  }

  /// Extends the deadline by the bytes that the client has acknowledged since the last call.
  mutating func noteTaken(_ rate: MinimumRate, _ client: Transport, at now: Int64) {
    let gained = sentTotal - client.unacknowledgedCount - takenTotal
    guard gained > 0 else { return }
    takenTotal += gained
    guard rateDeadline < .max else { return }
    rateDeadline = rate.deadline(rateDeadline, after: gained, at: now)
  }
}
