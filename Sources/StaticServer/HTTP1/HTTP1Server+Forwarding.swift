internal import CLinux
internal import StaticAssets

/// Requests that an exchange answers, and what follows them on the connection.
extension HTTP1Server {
  /// Begins to forward the request in `wake.head`, which begins at `position` of `wake.input` with the
  /// first of `bytes`.
  @inline(never)
  mutating func forward(
    _ fd: Int32,
    _ position: Int,
    keepsAlive: Bool,
    _ bytes: Span<UInt8>,
    _ wake: inout Wake
  ) -> Forwarder.Outcome {
    // What was answered before it comes first.
    clients.flush(fd, &wake)
    guard clients.slab[fd].state == .reading else { return .postponed }
    return forwarder?.begin(
      fd,
      position,
      keepsAlive: keepsAlive,
      bytes,
      &clients,
      &log,
      &wake
    ) ?? .refused(.notFound)
  }

  /// Something has happened at the app's connection of `token`.
  @inline(never)
  mutating func upstreamIsReady(_ token: PollToken, _ events: PollEvents, _ wake: inout Wake) {
    forwarder?.upstreamIsReady(token, events, &clients, &log, &wake)
  }

  /// Other threads have something for the exchanges.
  mutating func mailHasCome(_ wake: inout Wake) {
    forwarder?.mailHasCome(&clients, &log, &wake)
  }

  /// Does what is due of the exchanges.
  @inline(never)
  mutating func expireExchanges(_ wake: inout Wake) {
    forwarder?.expire(&clients, &log, &wake)
  }

  /// Whether an exchange is over and its client's connection goes on.
  @inline(always)
  var hasFinishedExchanges: Bool {
    mutating get { forwards && forwarder?.hasFinished ?? false }
  }

  /// Goes on with the connections whose exchange is over: with the next request, or with their end.
  @inline(never)
  mutating func continueFinished(_ wake: inout Wake) {
    guard let finished = forwarder?.takeFinished() else { return }
    for fd in finished where clients.slab[fd].state == .reading {
      if clients.slab[fd].hasInput {
        answerLater(fd)
      } else if wake.isDraining {
        endIdle(fd, &wake)
      }
    }
  }

  /// Upgraded connections.
  var tunnelCount: Int {
    mutating get { forwarder?.tunnelCount ?? 0 }
  }

  /// Ends the upgraded connections, because the server stops and nobody tells the app.
  mutating func endTunnels(_ wake: inout Wake) {
    guard forwarder?.endsTunnelsAtStop ?? false else { return }
    forwarder?.endTunnels(&clients, &log, &wake)
  }

  /// Answers from `table` from now on.
  mutating func replaceTable(_ table: FileTable) {
    clients.detachBacklogs()
    files.replaceTable(table)
    forwarder?.table = table
  }
}
