/// Connections that give way to others.
extension ClientConnections {
  /// Connections looked at for one that is to be closed, so that a full server is not searched.
  private static let candidatesMax = 64

  /// How long a new connection may be silent before it gives way, in milliseconds.
  private static let silenceMax: Int64 = 1000

  /// The connections that give way first, at most `count`: those that have waited longest for another
  /// request, and then those that were accepted a second ago and have not sent a byte.
  ///
  /// A connection with a part of a head is not among them: its request is on its way, and its time is
  /// short.
  func displaceable(atMost count: Int, at now: Int64, except kept: Int32 = -1) -> [Int32] {
    var found: [Int32] = []
    for queue in [ClientDeadline.keepAlive, .head] {
      var next = deadlines.oldest(in: queue.rawValue)
      var lookedAt = 0
      while let fd = next, found.count < count, lookedAt < Self.candidatesMax {
        next = deadlines.successor(of: fd)
        lookedAt += 1
        if fd != kept, slab[fd].isIdle, isOverdue(fd, at: now) { found.append(fd) }
      }
    }
    return found
  }

  private func isOverdue(_ fd: Int32, at now: Int64) -> Bool {
    guard slab[fd].awaitsHead, let start = deadlines.setTime(of: fd) else { return true }
    return now >= start + min(Self.silenceMax, limits.head / 2)
  }

  /// Closes such a connection.
  mutating func displace(_ fd: Int32) {
    unsafe adder.add(.displaced)
    close(fd)
  }

  /// Closes up to `count` connections that wait for another request, for their descriptors.
  mutating func displaceIdle(atMost count: Int, at now: Int64, except kept: Int32 = -1) {
    for fd in displaceable(atMost: count, at: now, except: kept) { displace(fd) }
  }
}
