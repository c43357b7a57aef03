internal import CLinux
internal import Glibc
internal import StaticAssets

/// Receiving.
///
/// The unsafe parts are addresses in `wake.input`, which lives as long as the loop and is not moved
/// during a system call.
extension ClientConnections {
  /// Receives once from connection `fd` into `wake.input`, behind the stored input.
  ///
  /// Returns false if nothing was received; the connection may be closed then.
  @inline(always)
  mutating func fill(_ fd: Int32, _ wake: inout Wake) -> Bool {
    wake.input.clear()
    if slab[fd].hasInput { takeInput(fd, &wake) }
    let result = unsafe transport(fd).receive(
      wake.input.start + wake.input.count,
      wake.input.room
    )
    guard result > 0 else {
      receiveFailed(fd, result, &wake)
      return false
    }
    wake.input.take(result)
    return true
  }

  /// Moves the stored input of connection `fd` behind the bytes in `wake.input`.
  @inline(never)
  mutating func takeInput(_ fd: Int32, _ wake: inout Wake) {
    let kept = slab[work: fd].input
    if let start = unsafe kept.start { unsafe wake.input.append(start, kept.count) }
    slab[work: fd].input.free()
  }

  /// Stores the bytes of `wake.input` from `position` on in connection `fd`.
  @inline(never)
  mutating func keepInput(_ fd: Int32, from position: Int, _ wake: inout Wake) {
    slab[work: fd].input.free()
    slab[work: fd].input = unsafe OwnedBytes(
      copying: wake.input.start + position,
      count: wake.input.count - position
    )
  }

  /// Handles a receive without bytes: EAGAIN, the end of stream, or an error.
  @inline(never)
  mutating func receiveFailed(_ fd: Int32, _ result: Int, _ wake: inout Wake) {
    guard result == -Int(EAGAIN) || result == -Int(EINTR) else {
      close(fd)
      return
    }
    if wake.input.count > 0 { keepInput(fd, from: 0, &wake) }
  }

  /// Receives the PROXY protocol header before the first request.
  ///
  /// Returns true if `wake.input` has bytes behind it, which must be processed.
  mutating func receivePrelude(_ fd: Int32, _ wake: inout Wake) -> Bool {
    guard fill(fd, &wake) else { return false }
    let bytes = unsafe Span<UInt8>(
      _unsafeBytes: UnsafeRawBufferPointer(start: wake.input.start, count: wake.input.count)
    )
    switch ProxyProtocolHeader.read(bytes) {
    case .incomplete:
      // The head time-out continues.
      keepInput(fd, from: 0, &wake)
    case .malformed:
      unsafe adder.add(.malformedPrelude)
      close(fd)
    case .complete(let prelude):
      if let client = prelude.client { slab[fd].peer = client }
      slab[fd].isSecure = prelude.isSecure
      slab[fd].state = .reading
      wake.input.remove(0..<prelude.byteCount)
      return wake.input.count > 0
    }
    return false
  }
}

/// The end of a connection after its last response.
extension ClientConnections {
  /// Shuts down the sending side and discards input until the linger time-out.
  ///
  /// Closing with unread bytes would reset the connection, and the client could lose the response.
  ///
  /// Source: RFC 9112 §9.6.
  @inline(never)
  mutating func linger(_ fd: Int32, _ wake: inout Wake) {
    transport(fd).finishSending()
    slab.dropWork(fd)
    slab[fd].state = .lingering
    slab[fd].hasBufferedRequest = false
    setDeadline(fd, wake.isDraining ? .drain : .linger, at: wake.now)
  }

  /// Resets a connection with a truncated response, after its client has received the sent bytes.
  ///
  /// A reset, because after an orderly end, a response that is delimited by the end of the
  /// connection would look complete.
  mutating func breakOff(_ fd: Int32, _ wake: inout Wake) {
    unsafe adder.add(.broken)
    slab.dropWork(fd)
    slab[fd].state = .breaking
    slab[fd].hasBufferedRequest = false
    slab[work: fd].rateDeadline = wake.now + limits.linger
    updateInterest(fd)
    checkBroken(fd, at: wake.now)
  }

  /// Resets the connection if its client has received everything, or its time is over.
  mutating func checkBroken(_ fd: Int32, at now: Int64) {
    guard transport(fd).unacknowledgedCount > 0, now < slab[work: fd].rateDeadline else {
      transport(fd).resetAtClose()
      close(fd)
      return
    }
    setDeadline(fd, .breaking, at: now)
  }

  /// Receives and discards input after the last response.
  @inline(never)
  mutating func discard(_ fd: Int32, _ wake: inout Wake) {
    wake.input.clear()
    let result = unsafe transport(fd).receive(wake.input.start, wake.input.room)
    guard result > 0 || result == -Int(EAGAIN) || result == -Int(EINTR) else {
      close(fd)
      return
    }
  }
}
