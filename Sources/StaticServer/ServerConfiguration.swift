public import StaticAssets

/// How a server listens and what it allows a client.
///
/// Every value has a unit and a default that suits a public site.
public struct ServerConfiguration: Sendable {
  /// Where to listen; at least one address.
  public var listeners: [ListenAddress]
  /// Number of event loops, each on a thread of its own, 1 to 256; nil is one for each processor.
  public var workers: Int?
  /// Sizes that are refused in a request head.
  public var limits = RequestLimits()
  /// Seconds a client has to send a complete head, from its connection or its first byte on.
  public var headTimeout = 10
  /// Seconds a connection is kept between two requests.
  public var keepAliveTimeout = 75
  /// Seconds without progress after which a client that does not read is given up.
  public var sendTimeout = 60
  /// Seconds that requests in flight have to finish after a stop was asked for.
  public var grace = 30

  /// The access log; nil for none.
  public var accessLog: AccessLog?

  /// A server that listens at `listeners`.
  public init(listeners: [ListenAddress]) {
    self.listeners = listeners
  }
}
