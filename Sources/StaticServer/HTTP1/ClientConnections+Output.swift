internal import CLinux
internal import Glibc
internal import StaticAssets

/// Sending.
///
/// The unsafe parts are addresses for system calls or backlogs. They point into `wake.output`,
/// which lives as long as the loop, or into the table, as `ResponseBacklog` describes.
extension ClientConnections {
  /// Sends `wake.output`.
  ///
  /// If the socket is full, the rest is stored in a backlog and the state becomes `sending`.
  @inline(always)
  mutating func flush(_ fd: Int32, _ wake: inout Wake) {
    guard wake.output.count > 0 else { return }
    let result = unsafe transport(fd).send(wake.output.start, wake.output.count, hasMore: false)
    guard result != wake.output.count else {
      unsafe adder.add(.bytesSent, result)
      wake.output.clear()
      return
    }
    sendFailed(fd, result, sent: max(0, result), then: .none, &wake)
  }

  /// Ensures that `wake.output` has `room` for `count` bytes; sends it if necessary.
  ///
  /// Returns false if the socket is full.
  @inline(always)
  mutating func makeRoom(_ fd: Int32, _ count: Int, _ wake: inout Wake) -> Bool {
    guard wake.output.room < count else { return true }
    flush(fd, &wake)
    return slab[fd].state == .reading
  }

  /// Sends `wake.output` and `count` bytes of the table's memory with one call.
  @inline(always)
  mutating func sendMemory(
    _ fd: Int32,
    _ start: UnsafeRawPointer,
    _ count: Int,
    _ wake: inout Wake
  ) {
    let headCount = wake.output.count
    let result = unsafe transport(fd).send(wake.output.start, headCount, start, count)
    guard result != headCount &+ count else {
      unsafe adder.add(.bytesSent, result)
      wake.output.clear()
      return
    }
    let sent = max(0, result)
    let bodySent = max(0, sent - headCount)
    let rest = unsafe ResponseBacklog.Body.memory(start + bodySent, count: count - bodySent)
    sendFailed(fd, result, sent: min(sent, headCount), then: rest, &wake)
  }

  /// Sends `wake.output` and then `file`, whose version was just checked, until the socket is full.
  mutating func sendFile(_ fd: Int32, _ file: FileRest, _ wake: inout Wake) {
    var rest = file
    let result = unsafe transport(fd).send(wake.output.start, wake.output.count, hasMore: true)
    unsafe adder.add(.bytesSent, max(0, result))
    if result == wake.output.count {
      wake.output.clear()
      let outcome = rest.send(
        to: transport(fd),
        atMost: ResponseBacklog.fileBytesPerTurn,
        isChecked: true
      )
      unsafe adder.add(.bytesSent, Int(rest.offset - file.offset))
      if outcome != .blocked {
        if !rest.isKept { closeFile(rest.descriptor) }
        if outcome != .finished { closeBroken(fd, outcome, unsentByteCount: rest.count) }
        return
      }
    }
    fileBlocked(fd, result, then: .file(rest), &wake)
  }

  /// Closes a file that was opened for one response.
  @inline(never)
  func closeFile(_ file: Int32) {
    _ = clinux_close(file)
  }

  /// Stores the rest of a file in a backlog, or closes the connection; closes the file if it is not
  /// kept.
  @inline(never)
  private mutating func fileBlocked(
    _ fd: Int32,
    _ result: Int,
    then rest: ResponseBacklog.Body,
    _ wake: inout Wake
  ) {
    let isAlive = result >= 0 || result == -Int(EAGAIN)
    keepBacklog(fd, sent: wake.output.count == 0 ? 0 : max(0, result), then: rest, &wake)
    if !isAlive { closeBroken(fd) }
  }

  /// Stores the rest of `wake.output` in a backlog if the socket is full; closes the connection
  /// else.
  @inline(never)
  private mutating func sendFailed(
    _ fd: Int32,
    _ result: Int,
    sent: Int,
    then body: ResponseBacklog.Body,
    _ wake: inout Wake
  ) {
    guard result >= 0 || result == -Int(EAGAIN) else {
      wake.output.clear()
      closeBroken(fd, unsentByteCount: body.unsentByteCount)
      return
    }
    unsafe adder.add(.bytesSent, max(0, result))
    keepBacklog(fd, sent: sent, then: body, &wake)
  }

  /// Stores the rest of `wake.output` and then `body` in the connection's backlog.
  private mutating func keepBacklog(
    _ fd: Int32,
    sent: Int,
    then body: ResponseBacklog.Body,
    _ wake: inout Wake
  ) {
    let rest = unsafe OwnedBytes(
      copying: wake.output.start + sent,
      count: wake.output.count - sent
    )
    wake.output.clear()
    let backlog = unsafe ResponseBacklog.allocate(ResponseBacklog(bytes: rest, body: body))
    unsafe keepBacklog(fd, backlog, at: wake.now)
  }

  /// Passes ownership of `backlog` to connection `fd`, which waits until the socket is writable.
  mutating func keepBacklog(
    _ fd: Int32,
    _ backlog: UnsafeMutablePointer<ResponseBacklog>,
    at now: Int64
  ) {
    unsafe backlog.pointee.takenTotal =
      unsafe backlog.pointee.sentTotal - transport(fd).unacknowledgedCount
    unsafe slab[work: fd].backlog = backlog
    slab[work: fd].rateDeadline = limits.sending.deadline(from: now)
    slab[fd].state = .sending
    setDeadline(fd, .rate, at: now)
    updateInterest(fd)
  }

  /// Sets the ending of a connection after its backlog is sent.
  @inline(never)
  mutating func setEnding(_ fd: Int32, _ ending: ConnectionEnding) {
    unsafe slab[work: fd].backlog?.pointee.ending = ending
  }

  /// Sends the backlog of connection `fd`; returns its ending when all of it is sent, else nil.
  mutating func flushBacklog(_ fd: Int32, _ wake: inout Wake) -> ConnectionEnding? {
    guard var backlog = unsafe slab[work: fd].backlog else { return nil }
    var sentCount: Int64 = 0
    let outcome = unsafe ResponseBacklog.flush(&backlog, to: transport(fd), &sentCount)
    unsafe slab[work: fd].backlog = backlog
    unsafe adder.add(.bytesSent, Int(sentCount))
    switch outcome {
    case .blocked:
      noteTaken(fd, at: wake.now)
      return nil
    case .failed, .fileFailed:
      closeBroken(fd, outcome)
      return nil
    case .finished:
      let ending = unsafe backlog.pointee.ending
      endDraft(fd, otherwise: .none)
      unsafe ResponseBacklog.free(backlog)
      unsafe slab[work: fd].backlog = nil
      slab[work: fd].rateDeadline = .max
      slab[fd].state = .reading
      slab[fd].awaitsHead = false
      setDeadline(fd, .keepAlive, at: wake.now)
      updateInterest(fd)
      return ending
    }
  }

  /// Extends the rate deadline by the bytes that the client has acknowledged since the last call.
  ///
  /// epoll reports EPOLLOUT only when a third of the send buffer is free. A slow client with a
  /// steady rate may not reach that in time, so the unacknowledged bytes are counted.
  mutating func noteTaken(_ fd: Int32, at now: Int64) {
    guard let backlog = unsafe slab[work: fd].backlog else { return }
    let taken = unsafe backlog.pointee.sentTotal - transport(fd).unacknowledgedCount
    let gained = unsafe taken - backlog.pointee.takenTotal
    guard gained > 0 else { return }
    unsafe backlog.pointee.takenTotal = taken
    let deadline = slab[work: fd].rateDeadline
    slab[work: fd].rateDeadline = limits.sending.deadline(deadline, after: gained, at: now)
  }

  /// Makes the backlog of connection `fd` independent of the table that its last response is from;
  /// closes the connection if there is no descriptor for a file.
  mutating func detachBacklog(_ fd: Int32) {
    guard let backlog = unsafe slab[work: fd].backlog else { return }
    if unsafe !ResponseBacklog.detach(backlog) { closeBroken(fd, .fileFailed) }
  }

  /// Makes every backlog independent of the table, which is about to be released.
  ///
  /// If there is no descriptor for the file of a backlog, its connection is closed. Only
  /// connections in the rate queue have a backlog, so no other is visited.
  mutating func detachBacklogs() {
    var next = deadlines.oldest(in: ClientDeadline.rate.rawValue)
    while let fd = next {
      next = deadlines.successor(of: fd)
      guard slab[fd].state == .sending, let backlog = unsafe slab[work: fd].backlog else {
        continue
      }
      if unsafe !ResponseBacklog.detach(backlog) { closeBroken(fd, .fileFailed) }
    }
  }
}
