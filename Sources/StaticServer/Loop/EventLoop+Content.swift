internal import CLinux
internal import Glibc
internal import StaticAssets

/// Content of requests, which files have no use for: read and dropped, so that the connection can
/// go on with the next request.
///
/// The answer comes after the content. A client that sends all of it before it reads anything is
/// then never waited for while it waits for us, and content that is no content gets its 400.
extension EventLoop {
  /// Where the content of the request in `head` ends.
  enum ContentEnd {
    /// At this place in `input`, or before, as there is nothing left to read of it.
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
  mutating func contentEnd(_ number: Int32, from start: Int) -> ContentEnd {
    switch connections[number].content {
    case .unread: break
    case .skipped: return .at(start)
    }
    if case .length(let count) = head.content, count > limits.contentBytesMax {
      return .refused(.contentTooLarge)
    }
    // A client that waits for 100 gets its final answer at once. Whether it sends the content all
    // the same is then its choice (RFC 9110 §10.1.1), so what follows cannot be understood.
    let isExpecting = head.hasExpectation && !head.isVersion10
    guard head.keepsAlive, !isExpecting, drainDeadline == nil else { return .unread }
    var reader = ContentReader(head.content)
    var position = start
    switch skip(&reader, &position) {
    case .end: return .at(position)
    case .incomplete: return .awaited
    case .tooLarge: return .refused(.contentTooLarge)
    case .malformed: return .refused(.badRequest)
    }
  }

  /// Waits for the rest of the content of the request that begins at `position`.
  @inline(never)
  mutating func beginSkipping(_ number: Int32, _ position: Int) {
    var reader = ContentReader(head.content)
    let start = position + head.byteCount
    var end = start
    _ = skip(&reader, &end)
    input.remove(start..<input.count)
    keepInput(of: number, from: position)
    let stored = UnsafeMutablePointer<ContentReader>.allocate(capacity: 1)
    unsafe stored.initialize(to: reader)
    unsafe connections[number].reader = stored
    connections[number].state = .skipping
    connections[number].deadline = limits.content.deadline(from: now)
  }

  /// Reads content once from connection `number`, and answers when it is at its end.
  @inline(never)
  mutating func skipContent(_ number: Int32) {
    guard let reader = unsafe connections[number].reader else { return }
    input.clear()
    takeInput(of: number)
    let start = input.count
    let result = unsafe clinux_receive(number, input.start + start, input.room)
    guard result > 0 else {
      receiveFailed(number, result)
      return
    }
    input.take(result)
    var position = start
    let outcome = unsafe skip(&reader.pointee, &position)
    input.remove(start..<(outcome == .end ? position : input.count))
    switch outcome {
    case .incomplete:
      keepInput(of: number, from: 0)
      let deadline = connections[number].deadline
      let count = Int64(result)
      connections[number].deadline = limits.content.deadline(deadline, after: count, at: now)
    case .end:
      stopSkipping(number, .skipped)
      answerAgain(number)
    case .tooLarge:
      stopSkipping(number, .unread)
      refuseForGood(number, .contentTooLarge)
    case .malformed:
      stopSkipping(number, .unread)
      refuseForGood(number, .badRequest)
    }
  }

  /// Ends the reading of content with what became of it.
  mutating func stopSkipping(_ number: Int32, _ content: Connection.Content) {
    unsafe connections[number].reader?.deallocate()
    unsafe connections[number].reader = nil
    connections[number].state = .reading
    connections[number].content = content
  }

  private func skip(_ reader: inout ContentReader, _ position: inout Int)
    -> ContentReader.SkipOutcome
  {
    let bytes = unsafe Span<UInt8>(
      _unsafeBytes: UnsafeRawBufferPointer(start: input.start, count: input.count)
    )
    return reader.skip(bytes, at: &position, byteCountMax: limits.contentBytesMax)
  }
}
