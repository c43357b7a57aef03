/// The assignment of the sockets of one address to the loops.
///
/// Each socket has a loop and each loop has a socket, whatever their numbers: a connection that the
/// kernel assigns to a socket without a loop would never be accepted.
struct SocketAssignment: Equatable {
  /// For each socket, its loops.
  let loops: [Set<Int>]

  /// Distributes at least one socket and at least one loop.
  init(socketCount: Int, loopCount: Int) {
    precondition(socketCount > 0 && loopCount > 0)
    var loops = [Set<Int>](repeating: [], count: socketCount)
    for index in 0..<max(socketCount, loopCount) {
      loops[index % socketCount].insert(index % loopCount)
    }
    self.loops = loops
  }

  /// The sockets of loop `index`, in order.
  func sockets(ofLoop index: Int) -> [Int] {
    loops.indices.filter { loops[$0].contains(index) }
  }
}
