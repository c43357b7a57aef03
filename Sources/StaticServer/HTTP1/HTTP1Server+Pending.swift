internal import StaticAssets

/// Requests that wait until the files have been listed; see `FileTable.isPending`.
extension HTTP1Server {
  /// Makes the request at index `position` of `wake.input` wait for the next table.
  ///
  /// No deadline runs: the client waits for the server.
  @inline(never)
  mutating func waitForTable(_ fd: Int32, _ position: Int, _ wake: inout Wake) {
    clients.keepInput(fd, from: position, &wake)
    clients.slab[fd].state = .waiting
    clients.deadlines.cancel(fd)
    clients.updateInterest(fd)
  }

  /// Processes the requests that wait for `table`, in the next turns of their connections.
  mutating func answerWaiting(at now: Int64) {
    for fd in clients.slab.numbers where clients.slab[fd].state == .waiting {
      clients.slab[fd].state = .reading
      clients.setDeadline(fd, .head, at: now)
      clients.updateInterest(fd)
      answerLater(fd)
    }
  }
}
