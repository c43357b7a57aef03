internal import CLinux
internal import Glibc
internal import StaticAssets

/// Clients that take too long.
extension EventLoop {
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
    nextSweep = max(min(earliest, now + limits.shortest), now + 50)
  }

  /// Notes what the client of a pending response has taken since this was called last, and moves
  /// its deadline by that.
  ///
  /// epoll reports room only once a third of the send buffer is free, which a slow but steady
  /// client may not reach in time; the bytes that are left in it tell. tcp(7): SIOCOUTQ
  mutating func noteTaken(_ number: Int32) {
    guard let output = unsafe connections[number].output else { return }
    let unsentCount = Int64(max(0, clinux_unsent_count(number)))
    let takenCount = unsafe output.pointee.sentTotal - unsentCount
    let gained = unsafe takenCount - output.pointee.takenTotal
    guard gained > 0 else { return }
    unsafe output.pointee.takenTotal = takenCount
    let deadline = connections[number].deadline
    connections[number].deadline = limits.sending.deadline(deadline, after: gained, at: now)
  }

  private mutating func expire(_ number: Int32) {
    switch connections[number].state {
    case .free:
      return
    case .sending:
      noteTaken(number)
      guard connections[number].deadline <= now else { return }
      unsafe adder.add(.slowReader)
      close(number)
    case .skipping:
      unsafe adder.add(.slowContent)
      stopSkipping(number, .unread)
      refuseForGood(number, .requestTimeout)
    case .reading where connections[number].input.count > 0:
      unsafe adder.add(.slowHead)
      refuseForGood(number, .requestTimeout)
    case .greeting:
      unsafe adder.add(.slowHead)
      close(number)
    case .reading:
      unsafe adder.add(connections[number].timesHead ? .slowHead : .idle)
      close(number)
    case .lingering:
      close(number)
    case .forwarding:
      expireForwarded(number)
    }
  }

  /// Answers a request that does not come to its end (RFC 9110 §15.5.9), or is none, and ends the
  /// connection; `output` must be empty.
  mutating func refuseForGood(_ number: Int32, _ status: ResponseStatus) {
    _ = reject(number, status)
    if log.isOn { logRefusal(number, status) }
    flush(number)
    if connections[number].state == .reading {
      linger(number)
    } else if connections[number].state == .sending {
      close(number)
    }
  }
}
