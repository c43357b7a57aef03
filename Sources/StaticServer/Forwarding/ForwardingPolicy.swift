/// What a server tells the app behind it about clients, and clients about itself.
public struct ForwardingPolicy: Equatable, Sendable {
  /// Whose word is taken about a client.
  public var trust = ForwardingTrust.nobody
  /// Whether requests that a trusted proxy got over HTTP are sent to HTTPS.
  ///
  /// A request of which no trusted proxy says the scheme, such as a health check's, is answered.
  public var redirectsToHTTPS = false
  /// What browsers are told that come over HTTPS; nil for nothing.
  public var strictTransport: StrictTransport?
  /// Whether answers of the app tell how long it took, in `Server-Timing`.
  public var sendsServerTiming = false

  /// Nobody is trusted and nothing is sent.
  public init() {}
}

/// That a site is to be had over HTTPS alone.
///
/// Source: RFC 6797.
public struct StrictTransport: Equatable, Sendable {
  /// Seconds that browsers remember it; 0 makes them forget.
  public var maxAge: Int
  /// Whether it holds for subdomains too.
  public var includesSubdomains = false
  /// Whether it may be built into browsers, which is hard to take back.
  public var isPreloaded = false

  /// For the host itself, for `maxAge` seconds.
  public init(maxAge: Int) {
    precondition(maxAge >= 0)
    self.maxAge = maxAge
  }
}
