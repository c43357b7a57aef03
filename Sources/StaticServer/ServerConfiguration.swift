public import StaticAssets

/// The addresses, limits and time-outs of a server.
///
/// The defaults suit a public site; `ServerConfiguration.Range` has the range of each value.
///
/// **Memory.** An idle connection holds no buffer. While a head is incomplete, a connection holds
/// less than `limits.headBytesMax` bytes; while content is received, it holds the head. So slow
/// senders hold at most `connectionsMax` times `limits.headBytesMax` bytes. A client that does not
/// read holds at most 64 KiB of responses and 64 KiB of pipelined requests until `sendTimeout`
/// closes its connection; further response bodies are not copied.
public struct ServerConfiguration: Sendable {
  /// The addresses to listen at; at least one.
  public var listeners: [ListenAddress]
  /// Whether each connection starts with a PROXY protocol header, version 1 or 2; false by default.
  ///
  /// A connection without a valid header is closed. The header sets the client's address, so only
  /// the load balancer may be able to connect.
  public var expectsProxyProtocol = false
  /// The number of event loops, each on its own thread, 1 to 256; nil, the default, is one for each
  /// processor.
  public var workers: Int?

  /// The limit of connections, for all loops together; nil, the default, derives it.
  ///
  /// It is then `DescriptorLimit.connectionsMax`, or half of it when requests are forwarded.
  ///
  /// At the limit, the connections that have been idle longest are closed for new ones. If no
  /// connection is idle, new clients wait in the listen backlog until a connection ends or becomes
  /// idle.
  public var connectionsMax: Int?
  /// The limits of a request head.
  public var limits = RequestLimits()
  /// Bytes of request content that are read and discarded to keep a connection usable; 1 MiB by
  /// default.
  ///
  /// A request with more content is answered without reading it, and the connection is closed.
  public var contentBytesMax: Int64 = 1 << 20
  /// The limit of requests per connection, which closes after the last response; 0, the default, is
  /// no limit.
  public var requestsPerConnectionMax = 0

  /// Seconds in which a complete head must be received, 10 by default.
  ///
  /// The time starts at the accept or at the first byte of the head.
  public var headTimeout = 10
  /// Seconds a connection may be idle between two requests, 75 by default.
  public var keepAliveTimeout = 75
  /// Seconds without received content bytes after which the connection is closed, 30 by default.
  public var contentTimeout = 30
  /// Seconds without sent response bytes after which the connection is closed, 60 by default.
  public var sendTimeout = 60
  /// The lowest average rate of a response or of request content, in bytes per second; 240 by
  /// default.
  ///
  /// 0 is no minimum: only the time-outs apply. Time spent below the rate is subtracted from
  /// `sendTimeout` or `contentTimeout`, once for the whole transfer; bytes above the rate restore
  /// it.
  public var bytesPerSecondMin = 240
  /// Seconds that requests in flight have to finish after a stop was requested, 25 by default.
  ///
  /// The default is below the 30 s after which Kubernetes, Heroku and others send SIGKILL.
  public var grace = 25

  /// Milliseconds that a connection without a request stays open after a stop was requested, for a
  /// request that is on its way, and that one with its last response is read from.
  package var drainMilliseconds: Int64 = 1000

  /// Milliseconds that an idle connection stays open after a stop was requested.
  ///
  /// A client that sends a request meanwhile gets its answer, with `Connection: close`. Closed at
  /// once, it would lose a request that is on its way.
  package var idleDrainMilliseconds: Int64 = 250

  /// Sockets of a process that ends, for those `listeners` whose addresses they have.
  package var handedSockets: [HandedSockets] = []

  /// The path that platforms probe, answered before anything else; nil for none.
  package var healthPath: String?

  /// Whether the times of responses are counted, for metrics.
  package var measuresLatency = false
  /// How much the loops remember of live directories.
  package var live = LiveLimits()

  /// The app for requests that no file answers; nil answers them with 404.
  public var forwarding: ForwardingConfiguration?

  /// The trust in forwarding fields of requests, and the fields that the server adds to responses.
  public var forwardingPolicy = ForwardingPolicy()

  /// The access log; nil, the default, is none.
  public var accessLog: AccessLog?

  /// A server that listens at `listeners`.
  public init(listeners: [ListenAddress]) {
    self.listeners = listeners
  }
}

extension ServerConfiguration {
  /// The ranges of the values.
  public enum Range {
    /// The range of `connectionsMax`.
    public static let connections = 1...(1 << 20)
    /// The range of `limits.headBytesMax`: a head must fit the loop's input buffer of 64 KiB.
    public static let headBytes = 1024...65535
    /// The range of `limits.fieldCountMax`.
    public static let fieldCount = 1...10_000
    /// The range of `contentBytesMax`.
    public static let contentBytes = 0...(1 << 40)
    /// The range of `requestsPerConnectionMax`.
    public static let requests = 0...1_000_000_000
    /// The range of `bytesPerSecondMin`.
    public static let bytesPerSecond = 0...1_000_000_000
    /// The range of the time-outs, in seconds.
    public static let seconds = 1...86400
    /// The range of `grace`, in seconds.
    public static let graceSeconds = 0...86400
  }

  /// Traps if a value is out of its range.
  func checkRanges() {
    precondition(Range.connections.contains(connectionsMax ?? 1), "connectionsMax")
    precondition(Range.headBytes.contains(limits.headBytesMax), "limits.headBytesMax")
    precondition(Range.fieldCount.contains(limits.fieldCountMax), "limits.fieldCountMax")
    precondition(Range.contentBytes.contains(Int(contentBytesMax)), "contentBytesMax")
    precondition(Range.requests.contains(requestsPerConnectionMax), "requestsPerConnectionMax")
    precondition(Range.bytesPerSecond.contains(bytesPerSecondMin), "bytesPerSecondMin")
    precondition(Range.graceSeconds.contains(grace), "grace")
    forwarding?.checkRanges()
    for time in [headTimeout, keepAliveTimeout, contentTimeout, sendTimeout] {
      precondition(Range.seconds.contains(time), "a time-out is out of range")
    }
  }
}
