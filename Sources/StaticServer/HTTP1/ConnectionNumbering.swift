/// Assigns connection numbers that are unique among the loops of a server.
struct ConnectionNumbering {
  /// The index of the loop.
  var loop = 0
  /// The number of loops.
  var loopCount = 1

  /// The number of the connection with `generation` in this loop, from 1 on.
  func number(_ generation: UInt32) -> UInt64 {
    guard generation > 0 else { return 0 }
    return UInt64(generation - 1) * UInt64(loopCount) + UInt64(loop) + 1
  }
}
