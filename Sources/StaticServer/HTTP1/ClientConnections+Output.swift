internal import CLinux
internal import Glibc
internal import StaticAssets

/// Sending.
///
/// The unsafe parts are addresses that go to the system or into a backlog: they lie in `wake.output`,
/// which lives as long as the loop, or in the table, as `ResponseBacklog` says.
extension ClientConnections {
  /// Sends what `wake.output` holds; what the client does not take is kept, and its state is `sending`
  /// then.
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

  /// Makes sure that `wake.output` takes `count` bytes, by sending it if need be; false when the client
  /// does not take it.
  @inline(always)
  mutating func makeRoom(_ fd: Int32, _ count: Int, _ wake: inout Wake) -> Bool {
    guard wake.output.room < count else { return true }
    flush(fd, &wake)
    return slab[fd].state == .reading
  }

  /// Sends `wake.output` and `count` bytes of the table's memory in one call.
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

  /// Sends `wake.output` and then `file` from `start` to `end`, as much of both as the client takes.
  ///
  /// - Parameter isKept: whether the file stays open; else it is closed behind the response.
  mutating func sendFile(
    _ fd: Int32,
    _ file: Int32,
    _ start: Int64,
    _ end: Int64,
    isKept: Bool,
    _ wake: inout Wake
  ) {
    var offset = start
    let result = unsafe transport(fd).send(wake.output.start, wake.output.count, hasMore: true)
    unsafe adder.add(.bytesSent, max(0, result))
    if result == wake.output.count {
      wake.output.clear()
      let outcome = ResponseBacklog.sendFile(
        transport(fd),
        file,
        from: &offset,
        to: end,
        atMost: ResponseBacklog.fileBytesPerTurn
      )
      unsafe adder.add(.bytesSent, Int(offset - start))
      if outcome != .blocked {
        if !isKept { closeFile(file) }
        if outcome == .failed { closeBroken(fd) }
        return
      }
    }
    let rest = ResponseBacklog.Body.file(file, offset: offset, count: end - offset, isKept: isKept)
    fileBlocked(fd, result, then: rest, &wake)
  }

  /// Closes a file that was opened for one response.
  @inline(never)
  func closeFile(_ file: Int32) {
    _ = clinux_close(file)
  }

  /// A file was not sent whole; it is closed with the connection if it is not kept.
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

  /// `wake.output` was not sent whole: the client has to be waited for, or is given up.
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
      closeBroken(fd)
      return
    }
    unsafe adder.add(.bytesSent, max(0, result))
    keepBacklog(fd, sent: sent, then: body, &wake)
  }

  /// Moves what is left of `wake.output`, and `body` behind it, to the connection.
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

  /// Lets connection `fd` own `backlog` and wait until its client takes it.
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
    setInterest(fd, .writable)
  }

  /// Tells what becomes of a connection when its backlog is sent.
  @inline(never)
  mutating func setEnding(_ fd: Int32, _ ending: ConnectionEnding) {
    unsafe slab[work: fd].backlog?.pointee.ending = ending
  }

  /// Sends what connection `fd` did not take; what becomes of the connection once all of it is sent.
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
    case .failed:
      closeBroken(fd)
      return nil
    case .finished:
      let ending = unsafe backlog.pointee.ending
      unsafe ResponseBacklog.free(backlog)
      unsafe slab[work: fd].backlog = nil
      slab[work: fd].rateDeadline = .max
      slab[fd].state = .reading
      slab[fd].awaitsHead = false
      setDeadline(fd, .keepAlive, at: wake.now)
      setInterest(fd, .readable)
      return ending
    }
  }

  /// Notes what the client of a backlog has taken since this was called last, and moves the end of its
  /// time by that.
  ///
  /// epoll reports room only once a third of the send buffer is free, which a slow but steady client
  /// may not reach in time; the bytes that are left in it tell.
  mutating func noteTaken(_ fd: Int32, at now: Int64) {
    guard let backlog = unsafe slab[work: fd].backlog else { return }
    let taken = unsafe backlog.pointee.sentTotal - transport(fd).unacknowledgedCount
    let gained = unsafe taken - backlog.pointee.takenTotal
    guard gained > 0 else { return }
    unsafe backlog.pointee.takenTotal = taken
    let deadline = slab[work: fd].rateDeadline
    slab[work: fd].rateDeadline = limits.sending.deadline(deadline, after: gained, at: now)
  }

  /// Makes every backlog independent of the table, which is about to go. One whose file cannot be kept
  /// for want of descriptors is given up.
  ///
  /// Connections with a backlog are those in the queue of rates, so that no other is looked at.
  mutating func detachBacklogs() {
    var next = deadlines.oldest(in: ClientDeadline.rate.rawValue)
    while let fd = next {
      next = deadlines.successor(of: fd)
      guard slab[fd].state == .sending, let backlog = unsafe slab[work: fd].backlog else {
        continue
      }
      if unsafe !ResponseBacklog.detach(backlog) { closeBroken(fd) }
    }
  }
}
