internal import CLinux
internal import Glibc
internal import StaticAssets

/// The end of a loop: no new connections, and every request that came is answered.
extension EventLoop {
  /// Takes the last connections from the listeners and closes what is idle.
  mutating func beginDraining() {
    drainDeadline = now + times.grace
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
      // A request may have come since the last wake: answered, and closed by that.
      receive(number)
      if connections[number].state == .reading, connections[number].isIdle { close(number) }
    }
  }

  /// Ends every connection, at the end of the grace time or with none left.
  mutating func closeEverything() {
    closeListeners()
    for number in 0..<Int32(connections.usedCapacity) where connections[number].state != .free {
      close(number)
    }
  }

  private mutating func closeListeners() {
    for listener in listeners {
      if listener.isShared {
        _ = clinux_epoll_control(
          epoll.number,
          Int32(CLINUX_DELETE),
          listener.descriptor,
          0,
          0
        )
      } else {
        _ = clinux_close(listener.descriptor)
      }
    }
    listeners = []
  }
}
