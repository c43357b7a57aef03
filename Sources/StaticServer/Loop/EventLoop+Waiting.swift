internal import CLinux
internal import Glibc
internal import StaticAssets

/// Connections that wait: for the rest of a head, for a slow reader, for their end.
extension EventLoop {
  /// Moves the bytes that connection `number` kept to the start of `input`.
  @inline(never)
  mutating func takeInput(of number: Int32) {
    let kept = connections[number].input
    if let start = unsafe kept.start { unsafe input.append(start, kept.count) }
    connections[number].input.free()
  }

  /// Keeps the bytes of `input` from `position` on with connection `number`.
  @inline(never)
  mutating func keepInput(of number: Int32, from position: Int) {
    connections[number].input = unsafe HeapBytes(
      copying: input.start + position,
      count: input.count - position
    )
  }

  /// Tells what becomes of a connection when its pending response is sent.
  func setEnding(_ number: Int32, _ ending: Ending) {
    unsafe connections[number].output?.pointee.ending = ending
  }

  /// Goes on with the response that connection `number` did not take in whole.
  @inline(never)
  mutating func resume(_ number: Int32) {
    guard var output = unsafe connections[number].output else { return }
    let progress = unsafe PendingOutput.resume(&output, number)
    unsafe connections[number].output = output
    switch progress {
    case .blocked:
      unsafe output.pointee.unsentCount = Int.max
      connections[number].deadline = now + times.send
    case .failed:
      close(number)
    case .finished:
      let ending = unsafe output.pointee.ending
      unsafe PendingOutput.free(output)
      unsafe connections[number].output = nil
      connections[number].state = .reading
      connections[number].timesHead = false
      resumeReading(number, ending)
    }
  }

  private mutating func resumeReading(_ number: Int32, _ ending: Ending) {
    switch ending {
    case .closes:
      setInterest(number, UInt32(CLINUX_READABLE))
      linger(number)
    case .keepsOpen:
      setInterest(number, UInt32(CLINUX_READABLE))
      input.clear()
      takeInput(of: number)
      answer(number)
    }
  }

  /// The connection's receive function has nothing: the client waits, is gone, or failed.
  @inline(never)
  mutating func receiveFailed(_ number: Int32, _ result: Int) {
    guard result == -Int(EAGAIN) || result == -Int(EINTR) else {
      close(number)
      return
    }
    if input.count > 0 { keepInput(of: number, from: 0) }
  }

  /// Ends the sending side and reads on for a while: closing with unread bytes would reset the
  /// connection, and the client could lose the response.
  ///
  /// Source: RFC 9112 §9.6.
  @inline(never)
  mutating func linger(_ number: Int32) {
    _ = clinux_finish_sending(number)
    connections[number].input.free()
    connections[number].state = .lingering
    connections[number].deadline = now + (drainDeadline == nil ? times.linger : times.drain)
  }

  /// Reads what comes to a connection that was answered for good.
  @inline(never)
  mutating func discard(_ number: Int32) {
    input.clear()
    let result = unsafe clinux_receive(number, input.start, input.room)
    guard result > 0 || result == -Int(EAGAIN) || result == -Int(EINTR) else {
      close(number)
      return
    }
  }

  /// Ends a connection.
  @inline(never)
  mutating func close(_ number: Int32) {
    connections.release(number)
    _ = clinux_close(number)
  }

  /// Gives up the clients whose deadline has passed.
  @inline(never)
  mutating func sweep() {
    var earliest = Int64.max
    for number in 0..<Int32(connections.usedCapacity) where connections[number].state != .free {
      if connections[number].deadline <= now { expire(number) }
      if connections[number].state != .free {
        earliest = min(earliest, connections[number].deadline)
      }
    }
    // A deadline set from now on is not before `now + shortest`; sweeps are kept 50 ms apart.
    nextSweep = max(min(earliest, now + times.shortest), now + 50)
  }

  private mutating func expire(_ number: Int32) {
    if connections[number].state == .sending, hasProgressed(number) {
      connections[number].deadline = now + times.send
      return
    }
    guard connections[number].state == .reading, connections[number].input.count > 0 else {
      close(number)
      return
    }
    // A head that does not come to its end is told so (RFC 9110 §15.5.9).
    _ = reject(number, .requestTimeout)
    flush(number)
    if connections[number].state == .reading {
      linger(number)
    } else if connections[number].state == .sending {
      close(number)
    }
  }

  /// Whether the client has taken bytes since the send deadline was looked at last.
  ///
  /// epoll reports room only once a third of the send buffer is free, which a slow but steady
  /// client may not reach in time; the bytes that are left in it tell. tcp(7): SIOCOUTQ
  private func hasProgressed(_ number: Int32) -> Bool {
    guard let output = unsafe connections[number].output else { return false }
    let count = clinux_unsent_count(number)
    guard count >= 0, unsafe count < output.pointee.unsentCount else { return false }
    unsafe output.pointee.unsentCount = count
    return true
  }
}
