internal import CLinux
internal import StaticAssets

/// Content of requests for files, which have no use for it: read and dropped, so that the connection
/// can go on with the next request.
///
/// The answer comes after the content. A client that sends all of it before it reads anything is
/// then never waited for while it waits for us, and content that is malformed gets its 400.
extension HTTP1Server {
  /// Where the content of the request in `wake.head` ends.
  enum ContentEnd {
    /// At this place in `wake.input`, or before, as there is nothing left to read of it.
    case at(Int)
    /// The request is answered without reading it, and the connection ends.
    case unread
    /// Further than what has come.
    case awaited
    /// Nowhere: the request is refused with this status.
    case refused(ResponseStatus)
  }

  /// Where the content ends that begins at `start`.
  @inline(never)
  func contentEnd(_ fd: Int32, from start: Int, _ wake: borrowing Wake) -> ContentEnd {
    guard !clients.slab[fd].isContentDropped else { return .at(start) }
    if case .length(let count) = wake.head.content, count > clients.limits.contentBytesMax {
      return .refused(.contentTooLarge)
    }
    // A client that waits for 100 gets its final answer at once. Whether it sends the content all
    // the same is then its choice (RFC 9110 §10.1.1), so what follows cannot be understood.
    let isExpecting = wake.head.hasExpectation && !wake.head.isVersion10
    guard wake.head.keepsAlive, !isExpecting, !wake.isDraining else { return .unread }
    var reader = ContentReader(wake.head.content)
    var position = start
    switch skip(&reader, &position, wake) {
    case .end: return .at(position)
    case .incomplete: return .awaited
    case .tooLarge: return .refused(.contentTooLarge)
    case .malformed: return .refused(.badRequest)
    }
  }

  /// Waits for the rest of the content of the request that begins at `position`.
  @inline(never)
  mutating func beginSkipping(_ fd: Int32, _ position: Int, _ wake: inout Wake) {
    var reader = ContentReader(wake.head.content)
    let start = position + wake.head.byteCount
    var end = start
    _ = skip(&reader, &end, wake)
    wake.input.remove(start..<wake.input.count)
    clients.keepInput(fd, from: position, &wake)
    clients.slab[work: fd].request = RequestProgress(content: reader)
    clients.slab[work: fd].rateDeadline = clients.limits.content.deadline(from: wake.now)
    clients.slab[fd].state = .skipping
    clients.setDeadline(fd, .rate, at: wake.now)
  }

  /// Reads content once from connection `fd`, and answers when it is at its end.
  @inline(never)
  mutating func skipContent(_ fd: Int32, _ wake: inout Wake) {
    guard var reader = clients.slab[work: fd].request.content else { return }
    wake.input.clear()
    clients.takeInput(fd, &wake)
    let start = wake.input.count
    let result = unsafe clients.transport(fd).receive(wake.input.start + start, wake.input.room)
    guard result > 0 else {
      clients.receiveFailed(fd, result, &wake)
      return
    }
    wake.input.take(result)
    var position = start
    let outcome = skip(&reader, &position, wake)
    wake.input.remove(start..<(outcome == .end ? position : wake.input.count))
    switch outcome {
    case .incomplete:
      clients.keepInput(fd, from: 0, &wake)
      clients.slab[work: fd].request.content = reader
      let deadline = clients.slab[work: fd].rateDeadline
      clients.slab[work: fd].rateDeadline = clients.limits.content.deadline(
        deadline,
        after: Int64(result),
        at: wake.now
      )
    case .end:
      clients.slab[work: fd].request = RequestProgress(isContentDropped: true)
      clients.slab[fd].state = .reading
      // Set anew by the answer, unless that is kept back.
      clients.setDeadline(fd, .keepAlive, at: wake.now)
      answerAgain(fd, &wake)
    case .tooLarge:
      clients.keepInput(fd, from: 0, &wake)
      refuseContent(fd, .contentTooLarge, &wake)
    case .malformed:
      clients.keepInput(fd, from: 0, &wake)
      refuseContent(fd, .badRequest, &wake)
    }
  }

  /// Refuses a request whose content is being skipped, and ends the connection.
  mutating func refuseContent(_ fd: Int32, _ status: ResponseStatus, _ wake: inout Wake) {
    clients.slab[work: fd].request = RequestProgress()
    clients.slab[fd].state = .reading
    refuseAndEnd(fd, status, &wake)
  }

  private func skip(
    _ reader: inout ContentReader,
    _ position: inout Int,
    _ wake: borrowing Wake
  ) -> ContentReader.SkipOutcome {
    let bytes = unsafe Span<UInt8>(
      _unsafeBytes: UnsafeRawBufferPointer(start: wake.input.start, count: wake.input.count)
    )
    let byteCountMax = clients.limits.contentBytesMax
    return reader.skip(bytes, at: &position, byteCountMax: byteCountMax)
  }
}
