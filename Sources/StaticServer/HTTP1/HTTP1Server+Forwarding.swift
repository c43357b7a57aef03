internal import CLinux
internal import StaticAssets

/// Requests that an exchange processes, and the continuation of their connections.
extension HTTP1Server {
  /// Begins to forward the request in `wake.head`.
  ///
  /// The request begins at `position` of `wake.input` with the first of `bytes`.
  @inline(never)
  mutating func forward(
    _ fd: Int32,
    _ position: Int,
    keepsAlive: Bool,
    _ bytes: Span<UInt8>,
    _ wake: inout Wake
  ) -> Forwarder.Outcome {
    // Responses to earlier requests are sent first.
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

  /// Handles an event of the app connection `token`.
  @inline(never)
  mutating func upstreamIsReady(_ token: PollToken, _ events: PollEvents, _ wake: inout Wake) {
    forwarder?.upstreamIsReady(token, events, &clients, &log, &wake)
  }

  /// Whether the connection `token` to an app has no request.
  mutating func isIdle(_ token: PollToken) -> Bool {
    forwarder?.isIdle(token) == true
  }

  /// Handles messages that other threads have posted for the exchanges.
  mutating func mailHasCome(_ wake: inout Wake) {
    forwarder?.mailHasCome(&clients, &log, &wake)
  }

  /// Handles the expired deadlines of exchanges.
  @inline(never)
  mutating func expireExchanges(_ wake: inout Wake) {
    forwarder?.expire(&clients, &log, &wake)
  }

  /// Whether an exchange is over and its client connection continues.
  @inline(always)
  var hasFinishedExchanges: Bool {
    mutating get { forwards && forwarder?.hasFinished ?? false }
  }

  /// Continues the connections whose exchange is over: processes the next request, or closes.
  @inline(never)
  mutating func continueFinished(_ wake: inout Wake) {
    guard let finished = forwarder?.takeFinished() else { return }
    for fd in finished where clients.slab[fd].state == .reading {
      if clients.slab[fd].hasInput {
        answerLater(fd)
      } else if wake.isDraining {
        clients.setDeadline(fd, .idleDrain, at: wake.now)
      }
    }
  }

  /// The number of upgraded connections.
  var tunnelCount: Int {
    mutating get { forwarder?.tunnelCount ?? 0 }
  }

  /// Closes the upgraded connections when the server stops.
  mutating func endTunnels(_ wake: inout Wake) {
    forwarder?.endTunnels(&clients, &log, &wake)
  }

  /// Replaces the table.
  mutating func replaceTable(_ table: FileTable, at now: Int64) {
    let wasPending = files.current.isPending
    clients.detachBacklogs()
    files.replaceTable(table)
    forwarder?.replaceTable(table)
    if wasPending { answerWaiting(at: now) }
  }
}
