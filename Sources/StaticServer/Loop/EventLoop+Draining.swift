internal import CLinux
internal import Glibc
internal import StaticAssets

/// The end of a loop: no new connections, and every request that came is answered.
extension EventLoop {
  /// Takes the last connections from the listeners and closes what is idle.
  mutating func beginDraining() {
    drainDeadline = now + limits.grace
    for listener in listeners {
      // What the kernel has accepted for us would be reset when the listener closes.
      while true {
        let before = connections.count
        accept(from: listener.descriptor)
        if connections.count == before { break }
      }
    }
    closeListeners()
    for number in 0..<Int32(connections.usedCapacity) where connections[number].isIdle {
      if connections[number].timesHead {
        // Just connected: its first request is on its way.
        connections[number].deadline = min(connections[number].deadline, now + limits.drain)
      } else {
        endIdle(number)
      }
    }
    for number in 0..<Int32(connections.usedCapacity)
    where [.greeting, .lingering].contains(connections[number].state) {
      connections[number].deadline = min(connections[number].deadline, now + limits.drain)
    }
    nextSweep = min(nextSweep, now + limits.drain)
  }

  /// Ends a connection between two requests while the loop ends, unless one has come just now.
  @inline(never)
  mutating func endIdle(_ number: Int32) {
    input.clear()
    let result = unsafe clinux_receive(number, input.start, input.room)
    guard result > 0 else {
      linger(number)
      return
    }
    input.take(result)
    answerAgain(number)
  }

  /// Ends every connection, at the end of the grace time or with none left.
  mutating func closeEverything() {
    closeListeners()
    for number in 0..<Int32(connections.usedCapacity) where connections[number].state != .free {
      unsafe adder.add(.stopped)
      close(number)
    }
  }

  private mutating func closeListeners() {
    for listener in listeners {
      ignore(listener)
      listener.listener.stopAccepting(listener.loop)
    }
    listeners = []
  }
}
