/// Operation of a server's process: sockets for the next process, and pulses.
extension StaticServer {
  /// The sockets that the server accepts from, for another process; this server keeps them, too.
  ///
  /// Sockets that were passed to the server by their descriptors are not included.
  package var handedSockets: [HandedSockets] {
    listeners.compactMap { listener in
      if case .inherited = listener.address { return nil }
      return HandedSockets(address: listener.address, descriptors: listener.descriptors)
    }
  }

  /// The sockets that were passed to the server by their descriptors.
  package var givenSockets: [Int32] {
    listeners.flatMap { listener in
      if case .inherited = listener.address { return listener.descriptors }
      return []
    }
  }

  /// Stops like `beginStopping`, while another process accepts from the same sockets.
  ///
  /// Idle connections stay open until their client has sent one more request, whose response has
  /// `Connection: close`, or until the grace time is over. Names of Unix sockets are kept.
  package func handOver() {
    for listener in listeners { listener.passOn() }
    for mailbox in mailboxes { mailbox.requestStop(isHasty: false) }
  }

  /// Requests a pulse from every loop; `hasPulse` reports it.
  package func askPulse() {
    for mailbox in mailboxes { mailbox.askPulse() }
  }

  /// Whether every loop has given a pulse since `askPulse`, or has ended after a stop was
  /// requested.
  package var hasPulse: Bool { mailboxes.allSatisfy(\.hasPulse) }
}
