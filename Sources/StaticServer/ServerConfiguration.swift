public import StaticAssets

/// How a server listens and what it allows a client.
///
/// Every value has a unit and a default that suits a public site; `ServerConfiguration.Range` has
/// what each may be.
///
/// **Memory.** A connection holds none while it is idle, less than `limits.headBytesMax` while its
/// head is incomplete, and that head while the content behind it comes. So slow senders hold no
/// more than `connectionsMax` times `limits.headBytesMax` bytes, whatever they send. A client that
/// does not take its answers holds at most 64 KiB of them and 64 KiB of requests behind them, and
/// is given up as `sendTimeout` says; bodies are never copied beyond that.
public struct ServerConfiguration: Sendable {
  /// Where to listen; at least one address.
  public var listeners: [ListenAddress]
  /// Whether a load balancer tells the client's address before each connection's first byte, by
  /// version 1 or 2 of the PROXY protocol; a connection without it is closed.
  ///
  /// Whoever can connect then can take any address, so none but the balancer may be able to.
  public var expectsProxyProtocol = false
  /// Number of event loops, each on a thread of its own, 1 to 256; nil is one for each processor.
  public var workers: Int?

  /// Connections that all loops together may have; nil is what the process has descriptors for.
  ///
  /// When there are as many, the ones that have waited longest for another request are closed to
  /// make room, then those that have been open for a second without sending a byte. When there is
  /// none of these, new clients wait in the listener's queue until a connection ends or becomes
  /// idle.
  public var connectionsMax: Int?
  /// Sizes that are refused in a request head.
  public var limits = RequestLimits()
  /// Bytes of a request's content that are read and dropped so that the connection can go on.
  ///
  /// A request with more is answered unread, and the connection ends.
  public var contentBytesMax: Int64 = 1 << 20
  /// Requests that a connection may carry, the last of which ends it; 0 is any number.
  public var requestsPerConnectionMax = 0

  /// Seconds a client has to send a complete head, from its connection or its first byte on.
  public var headTimeout = 10
  /// Seconds a connection is kept between two requests.
  public var keepAliveTimeout = 75
  /// Seconds without progress after which a client that does not send its content is given up.
  public var contentTimeout = 30
  /// Seconds without progress after which a client that does not read is given up.
  public var sendTimeout = 60
  /// Bytes in a second that a client has to take of a response, or to send of content, on the
  /// average; 0 lets it be as slow as the time-outs allow.
  ///
  /// A client that is slower uses up `sendTimeout` or `contentTimeout`, once for the whole
  /// transfer; one that is faster gets back what it has used.
  public var bytesPerSecondMin = 240
  /// Seconds that requests in flight have to finish after a stop was asked for.
  ///
  /// Below the 30 s after which Kubernetes, Heroku and others send SIGKILL.
  public var grace = 25

  /// The app that answers requests for no file; nil when they are 404.
  public var forwarding: ForwardingConfiguration?

  /// What is believed of clients and told to them.
  public var forwardingPolicy = ForwardingPolicy()

  /// The access log; nil for none.
  public var accessLog: AccessLog?

  /// A server that listens at `listeners`.
  public init(listeners: [ListenAddress]) {
    self.listeners = listeners
  }
}

extension ServerConfiguration {
  /// What the values may be.
  public enum Range {
    /// Of `connectionsMax`.
    public static let connections = 1...(1 << 20)
    /// Of `limits.headBytesMax`: a whole head has to fit the loop's buffer of 64 KiB.
    public static let headBytes = 1024...65535
    /// Of `limits.fieldCountMax`.
    public static let fieldCount = 1...10_000
    /// Of `contentBytesMax`.
    public static let contentBytes = 0...(1 << 40)
    /// Of `requestsPerConnectionMax`.
    public static let requests = 0...1_000_000_000
    /// Of `bytesPerSecondMin`.
    public static let bytesPerSecond = 0...1_000_000_000
    /// Of the times, in seconds, `grace` excepted.
    public static let seconds = 1...86400
    /// Of `grace`, in seconds.
    public static let graceSeconds = 0...86400
  }

  /// Traps when a value is out of its range.
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
      precondition(Range.seconds.contains(time), "a time-out")
    }
  }
}
