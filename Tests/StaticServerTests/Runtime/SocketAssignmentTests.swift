import Testing

@testable import StaticServer

/// The assignment of sockets to loops.
@Suite struct SocketAssignmentTests {
  @Test(
    "loops of each socket",
    arguments: [
      (1, 1, [[0]]), (1, 3, [[0, 1, 2]]), (2, 2, [[0], [1]]), (3, 1, [[0], [0], [0]]),
      (3, 2, [[0], [1], [0]]), (2, 3, [[0, 2], [1]]), (2, 4, [[0, 2], [1, 3]]),
    ] as [(Int, Int, [Set<Int>])]
  )
  func rows(sockets: Int, loops: Int, expected: [Set<Int>]) {
    #expect(SocketAssignment(socketCount: sockets, loopCount: loops).loops == expected)
  }

  @Test("each socket has a loop, and each loop a socket")
  func everyone() {
    for sockets in 1...9 {
      for loops in 1...9 {
        let assignment = SocketAssignment(socketCount: sockets, loopCount: loops)
        #expect(assignment.loops.allSatisfy { !$0.isEmpty })
        for loop in 0..<loops { #expect(!assignment.sockets(ofLoop: loop).isEmpty) }
      }
    }
  }
}
