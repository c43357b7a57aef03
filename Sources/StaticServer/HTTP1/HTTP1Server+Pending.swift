internal import CLinux
internal import StaticAssets

/// Requests that wait until the files have been listed; see `FileTable.isPending`.
extension HTTP1Server {
  /// Makes the request at index `position` of `wake.input` wait for the next table.
  ///
  /// No deadline runs: the client waits for the server.
  @inline(never)
  mutating func waitForTable(_ fd: Int32, _ position: Int, _ wake: inout Wake) {
    clients.keepInput(fd, from: position, &wake)
    if clients.slab[work: fd].waitStart == 0 {
      clients.slab[work: fd].waitStart = wake.requestStart
    }
    clients.slab[fd].state = .waiting
    clients.deadlines.cancel(fd)
    clients.updateInterest(fd)
  }

  /// Processes the requests that wait for a table, in the next turns of their connections.
  mutating func answerWaiting(at now: Int64) {
    for fd in clients.slab.numbers where clients.slab[fd].state == .waiting {
      resume(fd)
      clients.setDeadline(fd, .head, at: now)
      answerLater(fd)
    }
  }

  /// Refuses the request of connection `fd`, which waits for a table, because the server stops.
  mutating func refuseWaiting(_ fd: Int32, _ wake: inout Wake) {
    resume(fd)
    refuseAndEnd(fd, .serviceUnavailable, &wake, .draining)
  }

  private mutating func resume(_ fd: Int32) {
    clients.slab[fd].state = .reading
    clients.updateInterest(fd)
  }

  /// Closes a connection whose client has left while its request waits.
  ///
  /// A client that has only shut down its sending side looks equal, as in
  /// `Forwarder.clientDeparted`: it stays if the app's clients may do so.
  @inline(never)
  mutating func waitingClientLeft(_ fd: Int32, _ events: PollEvents, _ wake: inout Wake) {
    if !events.isGone, forwarder?.allowsHalfClosedClients ?? false {
      clients.watch(fd, [], was: .peerFinished)
      return
    }
    unsafe clients.adder.add(.abandoned)
    unsafe clients.adder.add(FailureReason.leftWhileQueued)
    if log.isOn { logLeaver(fd, &wake) }
    clients.close(fd)
  }

  private mutating func logLeaver(_ fd: Int32, _ wake: inout Wake) {
    wake.input.clear()
    clients.takeInput(fd, &wake)
    let bytes = unsafe Span<UInt8>(
      _unsafeBytes: UnsafeRawBufferPointer(start: wake.input.start, count: wake.input.count)
    )
    _ = RequestHeadParser.parse(bytes, limits: clients.limits.request, into: &wake.head)
    var line = line(fd, status: Forwarder.abandonedStatus)
    line.reason = .leftWhileQueued
    line.duration = clients.takeWait(fd, at: wake.nanoseconds)
    if trustsPeers { fill(&line, from: view(fd, bytes, wake.head)) }
    log.add(line, wake.head, in: bytes, identifierIn: bytes, wake.moment)
  }
}

extension ClientConnections {
  /// Ends the wait of connection `fd`; returns for how many nanoseconds it has waited.
  mutating func takeWait(_ fd: Int32, at nanoseconds: Int64) -> Int64 {
    guard unsafe slab[fd].work != nil, slab[work: fd].waitStart != 0 else { return 0 }
    defer { slab[work: fd].waitStart = 0 }
    return max(0, nanoseconds - slab[work: fd].waitStart)
  }
}
