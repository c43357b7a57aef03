internal import StaticAssets

/// The limits of each client connection; times in milliseconds.
struct ConnectionLimits {
  /// The limits of a head.
  let request: RequestLimits
  /// The time for a complete head, from the accept or the head's first byte on.
  let head: Int64
  /// The idle time between two requests.
  let keepAlive: Int64
  /// The minimum rate of a response.
  let sending: MinimumRate
  /// The minimum rate of content.
  let content: MinimumRate
  /// The limit of content that is received and discarded, in bytes.
  let contentBytesMax: Int64
  /// Requests answered before keep-alive is refused.
  let earlierCountMax: UInt32
  /// Whether connections start with a PROXY protocol header.
  let expectsPrelude: Bool
  /// The time for which input is discarded after the last response.
  let linger: Int64 = 5000
  /// The time that a connection without a request stays open after a stop was requested.
  let drain: Int64
  /// The time that an idle connection stays open after a stop was requested.
  let idleDrain: Int64
  /// The interval of checks of slow transfers.
  let rateCheck: Int64
  /// The interval of checks whether the bytes of a truncated response were received.
  let breakCheck: Int64 = 48

  init(_ configuration: StaticServer.Configuration) {
    request = configuration.limits
    drain = configuration.drainMilliseconds
    idleDrain = configuration.idleDrainMilliseconds
    head = configuration.headTimeout.milliseconds
    keepAlive = configuration.keepAliveTimeout.milliseconds
    let rate = Int64(configuration.bytesPerSecondMin)
    sending = MinimumRate(pause: configuration.sendTimeout.milliseconds, bytesPerSecondMin: rate)
    content = MinimumRate(
      pause: configuration.contentTimeout.milliseconds,
      bytesPerSecondMin: rate
    )
    contentBytesMax = configuration.contentBytesMax
    let count = configuration.requestsPerConnectionMax
    earlierCountMax = count == 0 ? .max : UInt32(clamping: count - 1)
    expectsPrelude = configuration.expectsProxyProtocol
    rateCheck = max(1, min(1000, min(sending.pause, content.pause) / 8))
  }
}

/// The deadline queues of client connections.
enum ClientDeadline: Int {
  /// A head is expected.
  case head
  /// A request is expected.
  case keepAlive
  /// A slow transfer must be checked.
  case rate
  /// Input is being discarded.
  case linger
  /// A stop was requested, and the connection has no request yet.
  case drain
  /// A stop was requested, and the connection is idle.
  case idleDrain
  /// A truncated response must be checked for delivery.
  case breaking

  /// The time-outs of all queues in milliseconds.
  static func durations(_ limits: ConnectionLimits) -> [8 of Int64] {
    [
      limits.head, limits.keepAlive, limits.rateCheck, limits.linger, limits.drain,
      limits.idleDrain, limits.breakCheck, 0,
    ]
  }
}
