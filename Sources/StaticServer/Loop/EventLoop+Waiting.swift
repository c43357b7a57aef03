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
    var sentCount: Int64 = 0
    let progress = unsafe PendingOutput.resume(&output, number, &sentCount)
    unsafe connections[number].output = output
    unsafe adder.add(.bytesSent, Int(sentCount))
    switch progress {
    case .blocked:
      noteTaken(number)
    case .failed:
      unsafe adder.add(.broken)
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
    case .keepsOpen, .awaitsContent:
      setInterest(number, UInt32(CLINUX_READABLE))
      input.clear()
      takeInput(of: number)
      answerAgain(number)
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
    connections[number].deadline = now + (drainDeadline == nil ? limits.linger : limits.drain)
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
    if connections[number].state == .forwarding { dropExchange(of: number) }
    connections.release(number)
    _ = clinux_close(number)
    unsafe adder.add(.closed)
    budget.leave()
  }
}
