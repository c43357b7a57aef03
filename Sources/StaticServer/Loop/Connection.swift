internal import StaticAssets

/// One client connection: a plain value, 72 bytes, that is all zeros when its slot is free.
///
/// The unsafe parts: `input`, `output` and `reader` are each nil or a heap block that this
/// connection owns and that `ConnectionSlab.release` frees.
@safe struct Connection {
  /// What the next readiness event means for a connection.
  enum State: UInt8 {
    /// No connection has this descriptor.
    case free
    /// Before its first request, with a part of the PROXY protocol's prelude received.
    case greeting
    /// Between two requests, or with a part of a head received.
    case reading
    /// With the head of a request whose content is still coming.
    case skipping
    /// With a response that the client has not taken in whole.
    case sending
    /// Answered for good; what still comes is read and dropped, so that the answer is not lost.
    case lingering
    /// With a request that the app is asked to answer: its `ProxyExchange` knows more.
    case forwarding
  }

  /// What is known of the content of the first request in `input`.
  enum Content: UInt8 {
    /// Nothing: it stands behind the head, as far as it has come.
    case unread
    /// It was read to its end and dropped.
    case skipped
  }

  var state = State.free
  /// Whether the deadline is that of a head: it was set when the head's first byte was due.
  var timesHead = false
  var content = Content.unread
  /// Whether the client came over TLS, as a load balancer says.
  var isSecure = false
  /// The loop's number of the table that `output` points into.
  var epoch: UInt16 = 0
  /// The client's address.
  var peer = PeerAddress()
  /// The number of requests that were answered.
  var requestCount: UInt32 = 0
  /// Counts the connections that had this descriptor: tells a stale event from a real one.
  var generation: UInt32 = 0
  /// When the client is given up, in milliseconds of the monotonic clock.
  var deadline: Int64 = 0
  /// Bytes received and not answered: an incomplete head, or requests behind a blocked answer.
  var input = HeapBytes.none
  /// The response that the client has not taken in whole.
  var output: UnsafeMutablePointer<PendingOutput>?
  /// Where the content that is being skipped stands.
  var reader: UnsafeMutablePointer<ContentReader>?

  /// Whether the connection waits for a request of which nothing has come.
  var isIdle: Bool { state == .reading && input.count == 0 }

  /// Whether it is idle and has carried a request before.
  var isBetweenRequests: Bool { isIdle && !timesHead }
}
