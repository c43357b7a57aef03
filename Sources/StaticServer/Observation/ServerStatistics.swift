/// What a server has done since it began, as numbers that only grow; all loops together.
public struct ServerStatistics: Equatable, Sendable {
  /// Bytes of responses, heads included, that the system has taken for clients.
  public internal(set) var bytesSent: UInt64 = 0
  /// Responses with a status from 200 to 299.
  public internal(set) var successes: UInt64 = 0
  /// Responses with a status from 300 to 399, 304 among them.
  public internal(set) var redirections: UInt64 = 0
  /// Responses with a status from 400 to 499.
  public internal(set) var clientErrors: UInt64 = 0
  /// Responses with a status from 500 to 599.
  public internal(set) var serverErrors: UInt64 = 0
  /// Requests that were forwarded to the app.
  public internal(set) var forwarded: UInt64 = 0
  /// Of these, requests that were sent once more, because the app had closed its connection without
  /// an answer.
  public internal(set) var repeated: UInt64 = 0
  /// Of these, requests after which the connection spoke another protocol, such as WebSocket.
  public internal(set) var upgraded: UInt64 = 0
  /// Of these, requests whose clients left before the app answered.
  public internal(set) var abandoned: UInt64 = 0
  /// Connections that were accepted.
  public internal(set) var connectionsAccepted: UInt64 = 0
  /// Connections that have ended, for whatever reason.
  public internal(set) var connectionsClosed: UInt64 = 0
  /// Times that a loop stopped accepting for a moment, because there were as many connections as
  /// may be or the system had no descriptors or memory left, and none was idle.
  public internal(set) var acceptPauses: UInt64 = 0
  /// Connections that were given up, by reason; they are among the closed ones sooner or later.
  public internal(set) var dropped = Dropped()

  /// Connections that were given up, by reason.
  public struct Dropped: Equatable, Sendable {
    /// Nothing came between two requests for too long.
    public internal(set) var idle: UInt64 = 0
    /// Idle, and closed to make room for another.
    public internal(set) var displaced: UInt64 = 0
    /// No complete head came in time.
    public internal(set) var slowHead: UInt64 = 0
    /// A request's content came too slowly.
    public internal(set) var slowContent: UInt64 = 0
    /// The response was taken too slowly.
    public internal(set) var slowReader: UInt64 = 0
    /// The connection broke under a response, or the file behind it was cut.
    public internal(set) var broken: UInt64 = 0
    /// The grace time ended.
    public internal(set) var stopped: UInt64 = 0
    /// Nothing of the PROXY protocol came before the first request, where it is expected.
    public internal(set) var malformedPrelude: UInt64 = 0
  }

  /// Connections that are open.
  public var connectionsOpen: UInt64 {
    connectionsAccepted - min(connectionsClosed, connectionsAccepted)
  }

  /// Responses of all kinds.
  public var responses: UInt64 { successes + redirections + clientErrors + serverErrors }

  /// The sums over `loops`.
  init(_ loops: [Counters]) {
    func sum(_ counter: Counter) -> UInt64 { loops.reduce(0) { $0 + $1.value(of: counter) } }
    // Ended before begun, so that none is seen to end that did not begin.
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
