/// Closing idle connections to make room for others.
extension ClientConnections {
  /// The limit of connections that are examined, so that a full server is not searched.
  private static let candidatesMax = 64

  /// The time without a byte after which a new connection may be closed, in milliseconds.
  private static let silenceMax: Int64 = 1000

  /// The connections to close first, at most `count`.
  ///
  /// First those that are idle longest between requests, then those that were accepted at least a
  /// second ago and have sent nothing. A connection with a partial head is not closed: its request
  /// is arriving, and the head time-out is short.
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

  /// Closes such a connection and counts it.
  mutating func displace(_ fd: Int32) {
    unsafe adder.add(.displaced)
    close(fd)
  }

  /// Closes up to `count` idle connections to free their descriptors.
  mutating func displaceIdle(atMost count: Int, at now: Int64, except kept: Int32 = -1) {
    for fd in displaceable(atMost: count, at: now, except: kept) { displace(fd) }
  }
}
