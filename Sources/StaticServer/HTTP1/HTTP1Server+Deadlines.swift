internal import CLinux
internal import StaticAssets

/// Clients that take too long, and the end of the loop.
extension HTTP1Server {
  /// When something is due of an exchange next, in milliseconds; `Int64.max` when nothing is.
  @inline(always)
  var exchangeDeadline: Int64 {
    mutating get { forwards ? forwarder?.nextDeadline ?? .max : .max }
  }

  /// Does what is due of clients whose deadline has passed.
  @inline(never)
  mutating func expire(_ wake: inout Wake) {
    while let (fd, _) = clients.deadlines.popExpired(at: wake.now) { expire(fd, &wake) }
  }

  private mutating func expire(_ fd: Int32, _ wake: inout Wake) {
    switch clients.slab[fd].state {
    case .free:
      return
    case .sending:
      clients.noteTaken(fd, at: wake.now)
      guard isOutOfTime(fd, wake) else { return }
      unsafe clients.adder.add(.slowReader)
      clients.close(fd)
    case .skipping:
      guard isOutOfTime(fd, wake) else { return }
      unsafe clients.adder.add(.slowContent)
      refuseContent(fd, .requestTimeout, &wake)
    case .reading where clients.slab[fd].hasInput:
      unsafe clients.adder.add(.slowHead)
      refuseAndEnd(fd, .requestTimeout, &wake)
    case .prelude:
      unsafe clients.adder.add(.slowHead)
      clients.close(fd)
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

  /// Whether the client has used up its time; if not, it is looked at again later.
  private mutating func isOutOfTime(_ fd: Int32, _ wake: borrowing Wake) -> Bool {
    guard clients.slab[work: fd].rateDeadline > wake.now else { return true }
    clients.setDeadline(fd, .rate, at: wake.now)
    return false
  }

  /// Ends what is idle; every request that has come is answered first.
  mutating func beginDraining(_ wake: inout Wake) {
    for fd in clients.slab.numbers {
      switch clients.slab[fd].state {
      case .reading where clients.slab[fd].isIdle && !clients.slab[fd].awaitsHead:
        endIdle(fd, &wake)
      // Just connected: its first request is on its way.
      case .reading where clients.slab[fd].isIdle: clients.setDeadline(fd, .drain, at: wake.now)
      case .prelude, .lingering: clients.setDeadline(fd, .drain, at: wake.now)
      default: break
      }
    }
  }

  /// Ends every connection.
  mutating func closeEverything(_ wake: inout Wake) {
    for fd in clients.slab.numbers where clients.slab[fd].state != .free {
      unsafe clients.adder.add(.stopped)
      guard clients.slab[fd].state == .exchanging else {
        if clients.slab[fd].state == .breaking { clients.transport(fd).resetAtClose() }
        clients.close(fd)
        continue
      }
      let id = clients.slab[fd].exchange
      forwarder?.abandon(id, &clients, &log, &wake)
    }
  }

  /// Closes the connections that have waited longest for a request; returns whether there were any.
  mutating func closeIdle(atMost count: Int, _ wake: inout Wake) -> Bool {
    let idle = clients.displaceable(atMost: count, at: wake.now)
    for fd in idle {
      // What has come since the last wake is answered, and the connection is not idle then.
      receiveFromIdle(fd, &wake)
      guard clients.slab[fd].isIdle else { continue }
      clients.displace(fd)
    }
    return !idle.isEmpty
  }

  @inline(never)
  private mutating func receiveFromIdle(_ fd: Int32, _ wake: inout Wake) { receive(fd, &wake) }
}
