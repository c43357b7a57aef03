extension StaticServer {
  /// Counters of a server since it started, summed over its loops; they only increase.
  public struct Statistics: Equatable, Sendable {
    /// Response bytes that the kernel accepted for sending, heads included.
    public internal(set) var bytesSent: UInt64 = 0
    /// Responses with a status from 200 to 299.
    public internal(set) var successes: UInt64 = 0
    /// Responses with a status from 300 to 399; 304 is one of them.
    public internal(set) var redirections: UInt64 = 0
    /// Responses with a status from 400 to 499.
    public internal(set) var clientErrors: UInt64 = 0
    /// Responses with a status from 500 to 599.
    public internal(set) var serverErrors: UInt64 = 0
    /// Requests that were forwarded to the app.
    public internal(set) var forwarded: UInt64 = 0
    /// Forwarded requests that were sent a second time, because the app had closed a reused
    /// connection.
    public internal(set) var repeated: UInt64 = 0
    /// Requests for a file of another release for which a peer had the file.
    package internal(set) var peerFiles: UInt64 = 0
    /// Failures of peers: a peer could not be reached, or did not respond in time, and is then not
    /// asked for a while.
    package internal(set) var failedPeers: UInt64 = 0
    /// Forwarded requests that upgraded the connection, for example to WebSocket.
    public internal(set) var upgraded: UInt64 = 0
    /// Forwarded requests whose client left before the response.
    public internal(set) var abandoned: UInt64 = 0
    /// Accepted connections.
    public internal(set) var connectionsAccepted: UInt64 = 0
    /// Closed connections, for any reason.
    public internal(set) var connectionsClosed: UInt64 = 0
    /// Accept pauses: no descriptor or memory was available, or the connection limit was reached,
    /// and no connection was idle.
    public internal(set) var acceptPauses: UInt64 = 0
    /// Connections that the server closed early, by reason; `connectionsClosed` includes them.
    public internal(set) var dropped = Dropped()

    /// Connections that the server closed early, by reason.
    public struct Dropped: Equatable, Sendable {
      /// No request arrived within the keep-alive time-out.
      public internal(set) var idle: UInt64 = 0
      /// The connection was idle and was closed to accept another.
      public internal(set) var displaced: UInt64 = 0
      /// No complete head arrived within the head time-out.
      public internal(set) var slowHead: UInt64 = 0
      /// The content of a request arrived too slowly.
      public internal(set) var slowContent: UInt64 = 0
      /// The client read the response too slowly.
      public internal(set) var slowReader: UInt64 = 0
      /// The connection failed during a response, or the file being sent was truncated.
      public internal(set) var broken: UInt64 = 0
      /// The connection was open at the end of the grace time.
      public internal(set) var stopped: UInt64 = 0
      /// The connection did not start with a valid PROXY protocol header although one was expected.
      public internal(set) var malformedPrelude: UInt64 = 0
    }

    /// Open connections.
    public var connectionsOpen: UInt64 {
      connectionsAccepted - min(connectionsClosed, connectionsAccepted)
    }

    /// Responses of every status.
    public var responses: UInt64 { successes + redirections + clientErrors + serverErrors }

    /// The sums over `loops`.
    init(_ loops: [Counters]) {
      func sum(_ counter: Counter) -> UInt64 { loops.reduce(0) { $0 + $1.value(of: counter) } }
      // Read the closed count first: the open count is never negative then.
      connectionsClosed = sum(.closed)
      connectionsAccepted = sum(.accepted)
      bytesSent = sum(.bytesSent)
      successes = sum(.successes)
      redirections = sum(.redirections)
      clientErrors = sum(.clientErrors)
      serverErrors = sum(.serverErrors)
      acceptPauses = sum(.acceptPauses)
      forwarded = sum(.forwarded)
      repeated = sum(.repeated)
      abandoned = sum(.abandoned)
      peerFiles = sum(.peerFiles)
      failedPeers = sum(.failedPeers)
      upgraded = sum(.upgraded)
      dropped.idle = sum(.idle)
      dropped.displaced = sum(.displaced)
      dropped.slowHead = sum(.slowHead)
      dropped.slowContent = sum(.slowContent)
      dropped.slowReader = sum(.slowReader)
      dropped.broken = sum(.broken)
      dropped.stopped = sum(.stopped)
      dropped.malformedPrelude = sum(.malformedPrelude)
    }
  }
}
