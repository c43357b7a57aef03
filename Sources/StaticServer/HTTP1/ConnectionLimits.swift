internal import StaticAssets

/// What a server allows each client connection; times in milliseconds.
struct ConnectionLimits {
  /// Sizes of a head.
  let request: RequestLimits
  /// How long a client has for a head, from its connection or the head's first byte on.
  let head: Int64
  /// How long a connection is kept between two requests.
  let keepAlive: Int64
  /// How slowly a response may be taken.
  let sending: MinimumRate
  /// How slowly content may come.
  let content: MinimumRate
  /// The largest content that is read and dropped, in bytes.
  let contentBytesMax: Int64
  /// Requests answered before keep-alive is refused.
  let earlierCountMax: UInt32
  /// Whether connections begin with the PROXY protocol.
  let expectsPrelude: Bool
  /// How long what a client still sends is read after its last response.
  let linger: Int64 = 5000
  /// How long a connection without a request is waited for while the loop ends.
  let drain: Int64 = 1000
  /// How often it is looked at what a slow client has taken or sent.
  let rateCheck: Int64
  /// How often it is looked at whether a broken response has been delivered.
  let breakCheck: Int64 = 48

  init(_ configuration: ServerConfiguration) {
    request = configuration.limits
    head = Int64(configuration.headTimeout) * 1000
    keepAlive = Int64(configuration.keepAliveTimeout) * 1000
    let rate = Int64(configuration.bytesPerSecondMin)
    sending = MinimumRate(pause: Int64(configuration.sendTimeout) * 1000, bytesPerSecondMin: rate)
    content = MinimumRate(
      pause: Int64(configuration.contentTimeout) * 1000,
      bytesPerSecondMin: rate
    )
    contentBytesMax = configuration.contentBytesMax
    let count = configuration.requestsPerConnectionMax
    earlierCountMax = count == 0 ? .max : UInt32(clamping: count - 1)
    expectsPrelude = configuration.expectsProxyProtocol
    rateCheck = min(1000, min(sending.pause, content.pause) / 8)
  }
}

/// The queues of a client connection's deadlines.
enum ClientDeadline: Int {
  /// A head is due.
  case head
  /// A request is due.
  case keepAlive
  /// It is to be looked at what a slow client has taken or sent.
  case rate
  /// What the client still sends is read.
  case linger
  /// A stop was asked for, and a connection without a request is still open.
  case drain
  /// It is to be looked at whether a broken response has been delivered.
  case breaking

  /// The time-outs of all queues, in milliseconds.
  static func durations(_ limits: ConnectionLimits) -> [8 of Int64] {
    [
      limits.head, limits.keepAlive, limits.rateCheck, limits.linger, limits.drain,
      limits.breakCheck, 0, 0,
    ]
  }
}
