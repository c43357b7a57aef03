package import StaticAssets

extension StaticServer {
  /// The addresses, limits and time-outs of a server.
  ///
  /// The defaults suit a public site. Time-outs are from 1 ms to 24 hours, if nothing else is said;
  /// the ranges of other values are documented with them. `StaticServer.init(table:configuration:)`
  /// throws for a value out of its range.
  ///
  /// **Memory.** An idle connection holds no buffer. While a head is incomplete, a connection holds
  /// less than `headBytesMax` bytes; while content is received, it holds the head. So slow senders
  /// hold at most `connectionsMax` times `headBytesMax` bytes. A client that does not read holds at
  /// most 64 KiB of responses and 64 KiB of pipelined requests until `sendTimeout` closes its
  /// connection; further response bodies are not copied.
  public struct Configuration: Sendable {
    /// The addresses to listen at; at least one.
    public var listeners: [ListenAddress]
    /// Whether each connection starts with a PROXY protocol header, version 1 or 2; false by
    /// default.
    ///
    /// A connection without a valid header is closed. The header sets the client's address, so only
    /// the load balancer may be able to connect.
    public var expectsProxyProtocol = false
    /// The number of event loops, each on its own thread, 1 to 256; nil, the default, is one for
    /// each processor.
    public var workers: Int?

    /// The limit of connections, 1 to 1,048,576, for all loops together; nil, the default, derives
    /// it.
    ///
    /// It is then `DescriptorLimit.connectionsMax`, or half of it with an app or a handler.
    ///
    /// At the limit, the connections that have been idle longest are closed for new ones. If no
    /// connection is idle, new clients wait in the listen backlog until a connection ends or
    /// becomes idle.
    public var connectionsMax: Int?
    /// The limits of a request head.
    package var limits = RequestLimits()
    /// Bytes of request content that are read and discarded to keep a connection usable, 0 to
    /// 1 TiB; 1 MiB by default.
    ///
    /// A request with more content gets its response without reading it, and the connection is
    /// closed.
    public var contentBytesMax: Int64 = 1 << 20
    /// The limit of requests per connection, which closes after the last response, at most
    /// 1,000,000,000; 0, the default, is no limit.
    public var requestsPerConnectionMax = 0

    /// The time in which a complete head must be received, 10 s by default.
    ///
    /// The time starts at the accept or at the first byte of the head.
    public var headTimeout: Duration = .seconds(10)
    /// The time that a connection may be idle between two requests, 75 s by default.
    public var keepAliveTimeout: Duration = .seconds(75)
    /// The time without received content bytes after which the connection is closed, 30 s by
    /// default.
    public var contentTimeout: Duration = .seconds(30)
    /// The time without sent response bytes after which the connection is closed, 60 s by default.
    public var sendTimeout: Duration = .seconds(60)
    /// The lowest average rate of a response or of request content, in bytes per second, 0 to
    /// 1,000,000,000; 240 by default.
    ///
    /// 0 is no minimum: only the time-outs apply. Time spent below the rate is subtracted from
    /// `sendTimeout` or `contentTimeout`, once for the whole transfer; bytes above the rate restore
    /// it.
    public var bytesPerSecondMin = 240
    /// The time that requests in flight have to finish after a stop was requested, 25 s by default;
    /// 0 to 24 hours.
    ///
    /// The default is below the 30 s after which Kubernetes, Heroku and others send SIGKILL.
    public var grace: Duration = .seconds(25)

    /// Milliseconds that a connection without a request stays open after a stop was requested, for
    /// a request in transit, and that a connection is read from after its last response.
    package var drainMilliseconds: Int64 = 1000

    /// Milliseconds that an idle connection stays open after a stop was requested.
    ///
    /// A request that arrives meanwhile gets its response, with `Connection: close`. If the
    /// connection were closed at once, a request in transit would be lost.
    package var idleDrainMilliseconds: Int64 = 250

    /// Sockets of a process that ends, used for those `listeners` with the same address.
    package var handedSockets: [HandedSockets] = []

    /// The path for the probes of platforms, which takes precedence over everything else; nil for
    /// none.
    package var healthPath: String?

    /// Whether the times of responses are counted, for metrics.
    package var measuresLatency = false
    /// The limits of the loops for live directories.
    package var live = LiveLimits()
    /// The changes that requests wait for; nil, the default, is none.
    package var changes: PendingChanges?

    /// The function of this process that handles requests for no file; nil, the default, is none.
    ///
    /// Set either a handler or an app to forward to, not both. Without either, such requests get
    /// 404.
    public var handler: HandlerConfiguration?

    /// The app that handles requests for no file; nil, the default, is none.
    public var forwarding: ForwardingConfiguration?

    /// The replicas that are asked for hashed names missing on this server; none by default.
    ///
    /// `FileTable.Options.asksPeers` of the table must be set.
    package var peers = PeerConfiguration()

    /// The trust in forwarding fields of requests, and the fields that the server adds to
    /// responses.
    public var forwardingPolicy = ForwardingPolicy()

    /// The access log; nil, the default, is none.
    public var accessLog: AccessLog?

    /// A server that listens at `listeners`.
    public init(listeners: [ListenAddress]) {
      self.listeners = listeners
    }
  }
}

/// The limits of a request head.
extension StaticServer.Configuration {
  /// The limit of the whole head, in bytes: 1024 to 65,535; a larger one is answered with 431.
  public var headBytesMax: Int {
    get { limits.headBytesMax }
    set { limits.headBytesMax = newValue }
  }

  /// The limit of the target, in bytes: 1 to 65,535; a longer one is answered with 414.
  public var targetBytesMax: Int {
    get { limits.targetBytesMax }
    set { limits.targetBytesMax = newValue }
  }

  /// The limit of field lines: 1 to 10,000; more are answered with 431.
  public var fieldCountMax: Int {
    get { limits.fieldCountMax }
    set { limits.fieldCountMax = newValue }
  }
}

extension StaticServer.Configuration {
  /// The destination of requests for no file; nil for none.
  var apps: ForwardingConfiguration? {
    let apps = handler.map { ForwardingConfiguration($0) } ?? forwarding
    guard peers.isOn else { return apps }
    var all = apps ?? ForwardingConfiguration(peers)
    all.peers = peers
    return all
  }

  /// The ranges of the values.
  package enum Range {
    /// The range of `connectionsMax`.
    package static let connections = 1...(1 << 20)
    /// The range of `headBytesMax`: a head must fit the loop's input buffer of 64 KiB.
    package static let headBytes = 1024...65535
    /// The range of `limits.fieldCountMax`.
    package static let fieldCount = 1...10_000
    /// The range of `contentBytesMax`.
    package static let contentBytes = 0...(1 << 40)
    /// The range of `requestsPerConnectionMax`.
    package static let requests = 0...1_000_000_000
    /// The range of `bytesPerSecondMin`.
    package static let bytesPerSecond = 0...1_000_000_000
    /// The range of the time-outs as command-line options, in seconds.
    package static let seconds = 1...86400
    /// The range of `grace` as a command-line option, in seconds.
    package static let graceSeconds = 0...86400
  }

  /// Throws if a value is out of its range.
  func check() throws(StaticServerError) {
    guard !listeners.isEmpty else { throw .invalid("listeners", "has no address") }
    guard handler == nil || forwarding == nil else {
      throw .invalid("handler and forwarding", "are both set; leave one of them out")
    }
    try checkValues()
  }

  /// Throws if a value is out of its range; `listeners` may be empty.
  func checkValues() throws(StaticServerError) {
    try ValueCheck.number(workers ?? 1, 1...256, "workers")
    try ValueCheck.number(connectionsMax ?? 1, Range.connections, "connectionsMax")
    try ValueCheck.number(limits.headBytesMax, Range.headBytes, "headBytesMax")
    try ValueCheck.number(limits.targetBytesMax, 1...65535, "targetBytesMax")
    try ValueCheck.number(limits.fieldCountMax, Range.fieldCount, "fieldCountMax")
    try ValueCheck.number(Int(contentBytesMax), Range.contentBytes, "contentBytesMax")
    try ValueCheck.number(requestsPerConnectionMax, Range.requests, "requestsPerConnectionMax")
    try ValueCheck.number(bytesPerSecondMin, Range.bytesPerSecond, "bytesPerSecondMin")
    try ValueCheck.time(headTimeout, "headTimeout")
    try ValueCheck.time(keepAliveTimeout, "keepAliveTimeout")
    try ValueCheck.time(contentTimeout, "contentTimeout")
    try ValueCheck.time(sendTimeout, "sendTimeout")
    try ValueCheck.time(grace, orZero: true, "grace")
    for listener in listeners { try ValueCheck.address(listener, "listeners") }
    if let accessLog, accessLog.descriptor < 0 {
      throw .invalid("accessLog", "has no open descriptor")
    }
    if let host = forwardingPolicy.redirectHost {
      try ValueCheck.host(host, "forwardingPolicy.redirectHost")
    }
    if let transport = forwardingPolicy.strictTransport {
      guard transport.maxAge >= .zero else {
        throw .invalid("forwardingPolicy.strictTransport", "has a negative maxAge")
      }
    }
    try apps?.check(handler == nil ? "forwarding" : "handler")
  }
}
