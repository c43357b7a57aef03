internal import CLinux
internal import StaticAssets

/// Expired deadlines, and the end of the loop.
extension HTTP1Server {
  /// The next deadline of an exchange in monotonic milliseconds; `Int64.max` if there is none.
  @inline(always)
  var exchangeDeadline: Int64 {
    mutating get { forwards ? forwarder?.nextDeadline ?? .max : .max }
  }

  /// Handles the expired deadlines of clients.
  @inline(never)
  mutating func expire(_ wake: inout Wake) {
    while let (fd, _) = clients.deadlines.popExpired(at: wake.now) { expire(fd, &wake) }
  }

  private mutating func expire(_ fd: Int32, _ wake: inout Wake) {
    switch clients.slab[fd].state {
    case .free, .waiting:
      return
    case .sending:
      clients.noteTaken(fd, at: wake.now)
      guard isOutOfTime(fd, wake) else { return }
      unsafe clients.adder.add(Counter.slowReader)
      clients.endDraft(fd, otherwise: .slowReader)
      clients.close(fd)
    case .skipping:
      guard isOutOfTime(fd, wake) else { return }
      unsafe clients.adder.add(Counter.slowContent)
      refuseContent(fd, for: .slowContent, &wake)
    case .reading where clients.slab[fd].hasInput:
      unsafe clients.adder.add(.slowHead)
      refuseAndEnd(fd, .requestTimeout, &wake)
    case .prelude:
      unsafe clients.adder.add(.slowHead)
      clients.close(fd)
    case .reading where wake.isDraining && clients.slab[fd].isIdle:
      // A request that has just arrived is processed.
      endIdle(fd, &wake)
    case .reading:
      unsafe clients.adder.add(clients.slab[fd].awaitsHead ? .slowHead : .idle)
      clients.close(fd)
    case .lingering:
      clients.close(fd)
    case .breaking:
      clients.checkBroken(fd, at: wake.now)
    case .exchanging:
      let id = clients.slab[fd].exchange
      forwarder?.clientDeadlinePassed(id, &clients, &log, &wake)
    }
  }

  /// Whether the client was too slow; if not, the next check is scheduled.
  private mutating func isOutOfTime(_ fd: Int32, _ wake: borrowing Wake) -> Bool {
    guard clients.slab[work: fd].rateDeadline > wake.now else { return true }
    clients.setDeadline(fd, .rate, at: wake.now)
    return false
  }

  /// Notifies the tasks of handlers that a stop was requested.
  mutating func tellHandlers() { forwarder?.tellHandlers() }

  /// Closes idle connections soon; requests that arrive until then are processed.
  ///
  /// A head that has begun must be complete within the time for a first request.
  mutating func beginDraining(_ wake: inout Wake) {
    for fd in clients.slab.numbers {
      switch clients.slab[fd].state {
      case .reading where clients.slab[fd].isIdle && !clients.slab[fd].awaitsHead:
        clients.setDeadline(fd, .idleDrain, at: wake.now)
      // A new connection: its first request may be on its way.
      case .reading where clients.slab[fd].isIdle: clients.setDeadline(fd, .drain, at: wake.now)
      case .reading where clients.slab[fd].awaitsHead: clients.setDeadline(fd, .drain, at: wake.now)
      case .prelude, .lingering: clients.setDeadline(fd, .drain, at: wake.now)
      case .waiting: refuseWaiting(fd, &wake)
      default: break
      }
    }
  }

  /// Closes every connection.
  mutating func closeEverything(_ wake: inout Wake) {
    for fd in clients.slab.numbers where clients.slab[fd].state != .free {
      unsafe clients.adder.add(Counter.stopped)
      if unsafe clients.slab[fd].work != nil { clients.endDraft(fd, otherwise: .stopped) }
      guard clients.slab[fd].state == .exchanging else {
        if clients.slab[fd].state == .breaking { clients.transport(fd).resetAtClose() }
        clients.close(fd)
        continue
      }
      let id = clients.slab[fd].exchange
      forwarder?.abandon(id, &clients, &log, &wake)
    }
  }

  /// Closes up to `count` connections without a request, the longest idle ones first; returns whether
  /// there were any.
  mutating func closeIdle(atMost count: Int, _ wake: inout Wake) -> Bool {
    let idle = clients.displaceable(atMost: count, at: wake.now)
    for fd in idle {
      // A request that has arrived since the last wake is processed, and the connection is not
      // idle.
      if clients.slab[fd].isIdle { receiveFromIdle(fd, &wake) }
      guard clients.slab[fd].isDisplaceable else { continue }
      clients.displace(fd)
    }
    return !idle.isEmpty
  }

  @inline(never)
  private mutating func receiveFromIdle(_ fd: Int32, _ wake: inout Wake) { receive(fd, &wake) }
}
