internal import CLinux
internal import StaticAssets

/// Content of requests for files: received and discarded, so that the connection stays usable.
///
/// The response is sent after the content. So a client that sends all content before it reads
/// cannot cause a deadlock, and malformed content is answered with 400.
extension HTTP1Server {
  /// The end of the content of the request in `wake.head`.
  enum ContentEnd {
    /// At this index of `wake.input`; the rest of the content, if any, was received before.
    case at(Int)
    /// The response is sent without reading the content, and the connection closes.
    case unread
    /// Beyond the received bytes.
    case awaited
    /// The content is not accepted: the request is rejected for this reason, which has a status.
    case refused(FailureReason)
  }

  /// Finds the end of the content that begins at index `start`.
  @inline(never)
  func contentEnd(_ fd: Int32, from start: Int, _ wake: borrowing Wake) -> ContentEnd {
    guard !clients.slab[fd].isContentDropped else { return .at(start) }
    if case .length(let count) = wake.head.content, count > clients.limits.contentBytesMax {
      return .refused(.largeContent)
    }
    // A client that expects 100 gets the final response at once. It may send the content or not
    // (RFC 9110 §10.1.1), so the bytes that follow are ambiguous, and the connection closes.
    let isExpecting = wake.head.hasExpectation && !wake.head.isVersion10
    guard wake.head.keepsAlive, !isExpecting, !wake.isDraining else { return .unread }
    var reader = ContentReader(wake.head.content)
    var position = start
    switch skip(&reader, &position, wake) {
    case .end: return .at(position)
    case .incomplete: return .awaited
    case .tooLarge: return .refused(.largeContent)
    case .malformed: return .refused(.malformedContent)
    }
  }

  /// Waits for the rest of the content of the request at index `position`.
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

  /// Receives content once from connection `fd`; answers the request at the end of the content.
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
      // The response sets the deadline again unless it is postponed.
      clients.setDeadline(fd, .keepAlive, at: wake.now)
      answerAgain(fd, &wake)
    case .tooLarge:
      clients.keepInput(fd, from: 0, &wake)
      refuseContent(fd, for: .largeContent, &wake)
    case .malformed:
      clients.keepInput(fd, from: 0, &wake)
      refuseContent(fd, for: .malformedContent, &wake)
    }
  }

  /// Refuses a request while its content is discarded, for a reason that has a status, and ends the
  /// connection.
  mutating func refuseContent(_ fd: Int32, for reason: FailureReason, _ wake: inout Wake) {
    clients.slab[work: fd].request = RequestProgress()
    clients.slab[fd].state = .reading
    refuseAndEnd(fd, reason.ownStatus, &wake, reason)
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
