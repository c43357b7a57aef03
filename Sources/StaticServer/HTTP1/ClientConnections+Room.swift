/// Closing connections without a request to make room for others.
extension ClientConnections {
  /// The limit of connections that are examined, so that a full server is not searched.
  private static let candidatesMax = 64

  /// The time after which a new connection without a byte, or one whose last response is sent, may be
  /// closed, in milliseconds.
  private static let silenceMax: Int64 = 1000

  /// The connections to close first, at most `count`.
  ///
  /// First those that are idle longest between requests, then those that were accepted at least a
  /// second ago and have sent nothing, then those whose last response was sent at least a second ago.
  /// A connection with a partial head is not closed: its request is arriving, and the head time-out is
  /// short.
  func displaceable(atMost count: Int, at now: Int64, except kept: Int32 = -1) -> [Int32] {
    var found: [Int32] = []
    for queue in [ClientDeadline.keepAlive, .head, .linger] {
      var next = deadlines.oldest(in: queue.rawValue)
      var lookedAt = 0
      while let fd = next, found.count < count, lookedAt < Self.candidatesMax {
        next = deadlines.successor(of: fd)
        lookedAt += 1
        if fd != kept, slab[fd].isDisplaceable, isOverdue(fd, at: now) { found.append(fd) }
      }
    }
    return found
  }

  private func isOverdue(_ fd: Int32, at now: Int64) -> Bool {
    guard !slab[fd].isBetweenRequests, let start = deadlines.setTime(of: fd) else { return true }
    return now >= start + min(Self.silenceMax, limits.head / 2)
  }

  /// Closes an idle connection and counts it as displaced.
  mutating func displace(_ fd: Int32) {
    unsafe adder.add(.displaced)
    close(fd)
  }

  /// Frees descriptors for a call that failed with EMFILE or ENFILE and will be repeated.
  ///
  /// Idle connections of this loop are closed first. If there are none, other loops are requested
  /// to close theirs when they wake, and the reserved descriptor is released.
  mutating func freeDescriptors(at now: Int64, except kept: Int32 = -1) {
    let idle = displaceable(atMost: 8, at: now, except: kept)
    for fd in idle { displace(fd) }
    guard idle.isEmpty else { return }
    connectionLimit.requestRoom(for: mailbox)
    reserve.giveUp()
  }
}
