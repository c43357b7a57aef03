/// What a server tells the app behind it about clients, and clients about itself.
public struct ForwardingPolicy: Equatable, Sendable {
  /// Which peers are trusted in what they tell of a client.
  public var trust = ForwardingTrust.nobody
  /// What the app finds in `X-Forwarded-For`, and in `Forwarded` if a trusted proxy sends it.
  public var forwardedFor = ForwardedFor.client
  /// Whether requests that a trusted proxy got over HTTP are sent to HTTPS.
  ///
  /// A request of which no trusted proxy says the scheme, such as a health check's, is answered.
  public var redirectsToHTTPS = false
  /// `Strict-Transport-Security` for answers over HTTPS; nil for none.
  public var strictTransport: StrictTransport?
  /// Whether answers of the app have `Server-Timing` with the time that it took.
  public var sendsServerTiming = false

  /// No peer is trusted, and clients are told nothing.
  public init() {}
}

/// That a site is reached over HTTPS alone.
///
/// Source: RFC 6797.
public struct StrictTransport: Equatable, Sendable {
  /// Seconds for which browsers remember it; 0 makes them forget it.
  public var maxAge: Int
  /// Whether it applies to subdomains too.
  public var includesSubdomains = false
  /// Whether it may be built into browsers, which is hard to take back.
  public var isPreloaded = false

  /// For the host itself, for `maxAge` seconds.
  public init(maxAge: Int) {
    precondition(maxAge >= 0)
    self.maxAge = maxAge
  }
}

/// What the app finds in `X-Forwarded-For`.
///
/// Apps that trust their peer take the first entry (uvicorn, daphne) or the last (Heroku's advice);
/// both are the client only where it stands alone. In a chain the first entries are whatever the client
/// wrote itself.
public enum ForwardedFor: Equatable, Sendable {
  /// The client's address alone: the last that no trusted proxy has.
  case client
  /// What a trusted proxy sent, and the address of that proxy.
  case chain
}
