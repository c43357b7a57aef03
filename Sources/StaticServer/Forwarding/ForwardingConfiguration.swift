public import StaticAssets

/// The app that handles requests for no file, and its limits and time-outs.
///
/// **Memory.** A forwarded request holds at most `memoryBytesMax` bytes of its content, as many of
/// its response, and 64 KiB in transit. Further bytes are in unlinked temporary files.
///
/// **Ranges.** Time-outs are from 1 ms to 24 hours, if nothing else is said; the ranges of other
/// values are documented with them. `StaticServer.init(table:configuration:)` throws for a value
/// out of its range.
public struct ForwardingConfiguration: Sendable {
  /// A further app with an address and a URL path of its own.
  package struct Other: Sendable {
    /// The URL path; begins and ends with a slash.
    package var path: String
    /// The app's address.
    package var upstream: UpstreamAddress
    /// The limit of concurrent requests to this app, as `concurrencyMax`.
    package var concurrencyMax: Int
    /// Whether each request to this app begins with the PROXY protocol, as `sendsProxyProtocol`.
    package var sendsProxyProtocol = false

    /// An app for requests below `path`, which begins and ends with a slash.
    package init(path: String, upstream: UpstreamAddress, concurrencyMax: Int = 256) {
      self.path = path
      self.upstream = upstream
      self.concurrencyMax = concurrencyMax
    }
  }

  /// The destination of requests for no file.
  enum App: Sendable {
    /// A process that listens at an address.
    case upstream(UpstreamAddress)
    /// A function of this process.
    case handler(HandlerConfiguration)
    /// None: requests are only sent to peers.
    case nothing
  }

  /// The main app.
  var app: App
  /// The URL path of the main app; `/`, the default, covers all paths that no other app has.
  package var path = "/"
  /// Further apps, each with its own connections, queue and concurrency limit; the other values
  /// apply to all of them.
  ///
  /// `FileTable.Options.upstreamPaths` must be `paths`.
  package var others: [Other] = []

  /// The replicas that are asked for hashed names missing on this server.
  var peers = PeerConfiguration()

  /// The URL paths of all apps.
  package var paths: [String] { [path] + others.map(\.path) }
  /// The addresses of all apps; nil for a handler.
  package var addresses: [UpstreamAddress?] {
    guard case .upstream(let address) = app else { return [nil] + others.map(\.upstream) }
    return [address] + others.map(\.upstream)
  }
  /// The time within which a connection to the app must be established, 5 s by default.
  ///
  /// Then the response is 504, or 503 if the app's backlog stays full.
  public var connectTimeout: Duration = .seconds(5)
  /// The time without progress after which the response is 504, 60 s by default.
  ///
  /// Progress is a request byte that the app reads or a response byte that it sends.
  public var responseTimeout: Duration = .seconds(60)
  /// The time without a byte in either direction after which an upgraded connection is closed, one
  /// hour by default.
  public var tunnelTimeout: Duration = .seconds(3600)
  /// The time that a request waits while nothing listens at the app's address, 0 or 1 ms to 24
  /// hours; then 503.
  ///
  /// At 0, the default, the response is 502 at once.
  public var startupHold: Duration = .zero
  /// The limit of request content in bytes, 0 to 1 TiB, 100 MiB by default; larger content is
  /// answered with 413.
  public var contentBytesMax: Int64 = 100 << 20
  /// Bytes of request content, and as many of the response, that are kept in memory, 0 to 1 GiB;
  /// 64 KiB by default.
  public var memoryBytesMax = 65536
  /// The limit of response bytes that wait for a slow client, in memory and a file, 0 to 1 TiB;
  /// 1 GiB by default.
  ///
  /// At the limit, reading from the app pauses.
  public var responseBytesMax: Int64 = 1 << 30
  /// The limit of bytes in temporary files, for all requests and responses together, 0 to 1 TiB;
  /// 8 GiB by default.
  public var spoolBytesMax: Int64 = 8 << 30
  /// The limit of concurrent requests to the app, for all loops together, at most 1,000,000, 256 by
  /// default; 0 is no limit.
  ///
  /// Further requests wait in a queue, first in, first out. Set it to about the number of requests
  /// that the app processes in parallel: a client that leaves the queue costs the app nothing, but
  /// a request in the app's socket backlog cannot be withdrawn.
  public var concurrencyMax = 256
  /// The time that a request waits in the queue, 0 or 1 ms to 24 hours, 30 s by default; then 503.
  public var queueTimeout: Duration = .seconds(30)
  /// The limit of requests in the queue, for all loops together, 0 to 1,048,576, 10,000 by default.
  ///
  /// Further requests get 503 at once.
  public var queueCountMax = 10_000
  /// Whether a client that shuts down its sending side still waits for its response; false by
  /// default.
  ///
  /// Browsers and proxies close both directions at once. If this is false, such a client is treated
  /// as disconnected: its request is not forwarded, or the app's connection is closed. Set it to
  /// true for programs that shut down their sending side after a request and then read.
  public var allowsHalfClosedClients = false
  /// The size of the app's first read(2) of a connection, in bytes, at most 1 GiB; 0, the default,
  /// if it is unknown.
  ///
  /// If a local connection is reset and the request fits this read, the app has read nothing. Then
  /// a request that must not be repeated, such as POST, is sent once more; gunicorn's threaded
  /// worker resets connections so at a reload. gunicorn reads 8192 bytes. If the app reads less, it
  /// can get such a request twice.
  public var firstReadByteCount = 0
  /// Whether `firstReadByteCount` is certain.
  ///
  /// It is not if a configuration that was not evaluated may make the app expect TLS: the app may
  /// then read only a few bytes before it resets the connection. In this case a request is repeated
  /// at most once.
  package var isFirstReadCertain = true
  /// Whether each request is sent to the app over a new connection that begins with the PROXY
  /// protocol, version 1, so that the app sees the client's address as its peer; false by default.
  ///
  /// The app must expect the protocol, as gunicorn does with `--proxy-protocol`. The client's
  /// address is that in `X-Forwarded-For`.
  public var sendsProxyProtocol = false
  /// Whether upgraded connections are closed after a stop was requested and no request is in
  /// flight.
  ///
  /// If false, those to the first app remain until the app closes them, which the caller must
  /// request, or until the grace time ends. True by default.
  public var endsTunnelsAtStop = true
  /// Directories of files that the app may select with `X-Accel-Redirect` or `X-Sendfile`.
  ///
  /// If there are none, these fields are passed on to the client.
  public var namedFiles: [NamedDirectory] = []
  /// The directory of the temporary files; `/tmp` by default.
  public var temporaryDirectory: BytePath = "/tmp"

  /// Receives the error number when the content of a request cannot be stored, on the writer's thread, at
  /// most once a minute.
  package var onSpoolFailure: (@Sendable (Int32) -> Void)?

  /// Forwards to the process at `upstream`.
  public init(to upstream: UpstreamAddress) {
    app = .upstream(upstream)
  }

  /// Asks peers, and has no app.
  init(_ peers: PeerConfiguration) {
    app = .nothing
    self.peers = peers
  }

  /// Calls a function of this process.
  ///
  /// Such a configuration has no queue and no connections.
  init(_ handler: HandlerConfiguration) {
    app = .handler(handler)
    responseTimeout = handler.responseTimeout
    contentBytesMax = handler.contentBytesMax
    memoryBytesMax = handler.memoryBytesMax
    responseBytesMax = handler.responseBytesMax
    spoolBytesMax = handler.spoolBytesMax
    allowsHalfClosedClients = handler.allowsHalfClosedClients
    namedFiles = handler.namedFiles
    temporaryDirectory = handler.temporaryDirectory
  }

  /// Whether the app is a process, not a function of this one.
  var isToProcess: Bool {
    if case .upstream = app { true } else { false }
  }
}
