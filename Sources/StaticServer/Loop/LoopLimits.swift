internal import StaticAssets

/// What a loop allows each of its connections; times in milliseconds.
struct LoopLimits {
  /// Sizes of a head.
  let request: RequestLimits
  /// How long a client has for a head, from its connection or the head's first byte on.
  let head: Int64
  /// How long a connection is kept between two requests.
  let keepAlive: Int64
  /// How slowly a response may be taken.
  let sending: Pace
  /// How slowly content may come.
  let content: Pace
  /// The largest content that is read and dropped, in bytes.
  let contentBytesMax: Int64
  /// How many requests may come before one that does not end the connection.
  let earlierCountMax: UInt32
  let grace: Int64
  /// Whether connections begin with the PROXY protocol.
  let expectsPrelude: Bool
  /// Whether what a peer says of its client may be believed.
  let trustsPeers: Bool
  /// Whether requests may have to be sent to HTTPS.
  let redirectsToHTTPS: Bool
  /// How long what a client still sends is read after its last response.
  let linger: Int64 = 5000
  /// How long a connection without a request is waited for while the loop ends.
  let drain: Int64 = 1000
  /// The shortest of the times: no deadline that is set now can pass earlier.
  let shortest: Int64

  init(_ configuration: ServerConfiguration) {
    request = configuration.limits
    head = Int64(configuration.headTimeout) * 1000
    keepAlive = Int64(configuration.keepAliveTimeout) * 1000
    let rate = Int64(configuration.bytesPerSecondMin)
    sending = Pace(pause: Int64(configuration.sendTimeout) * 1000, bytesPerSecondMin: rate)
    content = Pace(pause: Int64(configuration.contentTimeout) * 1000, bytesPerSecondMin: rate)
    contentBytesMax = configuration.contentBytesMax
    let count = configuration.requestsPerConnectionMax
    earlierCountMax = count == 0 ? .max : UInt32(clamping: count - 1)
    grace = Int64(configuration.grace) * 1000
    expectsPrelude = configuration.expectsProxyProtocol
    trustsPeers = configuration.forwardingPolicy.trust != .nobody
    redirectsToHTTPS = configuration.forwardingPolicy.redirectsToHTTPS
    shortest = min(head, keepAlive, sending.pause, content.pause, linger, drain)
  }
}
