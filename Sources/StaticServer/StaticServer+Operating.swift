/// A server whose process is operated: sockets for the next process, and signs of life.
extension StaticServer {
  /// The sockets that the server accepts from, for another process; they stay this server's, too.
  ///
  /// Those that it was given by their descriptors are not among them.
  package var handedSockets: [HandedSockets] {
    listeners.compactMap { listener in
      if case .inherited = listener.address { return nil }
      return HandedSockets(address: listener.address, descriptors: listener.descriptors)
    }
  }

  /// The sockets that the server was given by their descriptors.
  package var givenSockets: [Int32] {
    listeners.flatMap { listener in
      if case .inherited = listener.address { return listener.descriptors }
      return []
    }
  }

  /// Stops as `beginStopping` does, while another process accepts from the same sockets.
  ///
  /// Idle connections stay open until their client has sent one more request, whose answer tells it to
  /// connect anew, or until the grace time is over. Names of Unix sockets stay.
  package func handOver() {
    for listener in listeners { listener.passOn() }
    for mailbox in mailboxes { mailbox.requestStop(isHasty: false) }
  }

  /// Asks every loop for a sign of life; `hasPulse` tells whether it has come.
  package func askPulse() {
    for mailbox in mailboxes { mailbox.askPulse() }
  }

  /// Whether every loop has turned since `askPulse`, or has ended after a stop was requested.
  package var hasPulse: Bool { mailboxes.allSatisfy(\.hasPulse) }
}
