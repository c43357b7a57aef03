internal import StaticAssets

/// One client connection: a plain value, 48 bytes, that is all zeros when its slot is free.
///
/// The unsafe part: `work` is nil or a heap block that this connection owns and that
/// `ClientSlab.release` frees.
@safe struct ClientConnection {
  /// What a connection is doing.
  enum State: UInt8, CaseIterable {
    /// No connection has this descriptor.
    case free
    /// Before its first request, waiting for the header of the PROXY protocol.
    case prelude
    /// Between two requests, or with a part of a head received.
    case reading
    /// With the head of a request for a file whose content is still coming.
    case skipping
    /// With a response that the client has not taken in whole.
    case sending
    /// Answered for good, with the sending side ended: what still comes is read and dropped, so that
    /// a reset does not destroy the response.
    case lingering
    /// With a response that was broken off: it is delivered as far as it came, then reset.
    case breaking
    /// With a request that an exchange answers.
    case exchanging
  }

  var state = State.free
  /// Whether the first byte of a head is due, or a part of a head has come.
  var awaitsHead = false
  /// Whether the client came over TLS, as a load balancer says.
  var isSecure = false
  /// Whether the kept input may hold a complete request, which waits for the connection's next turn.
  var hasBufferedRequest = false
  /// The client's address.
  var peer = PeerAddress()
  /// The number of requests that were answered.
  var requestCount: UInt32 = 0
  /// Counts the connections that had this descriptor: tells a stale event from a real one.
  var generation: UInt32 = 0
  /// The exchange that answers the request, in the state `exchanging`.
  var exchange = ExchangeID.none
  /// What the connection holds while it is not idle.
  var work: UnsafeMutablePointer<ConnectionWork>?

  /// Whether bytes were received and not answered.
  @inline(always)
  var hasInput: Bool {
    guard let work = unsafe work else { return false }
    return unsafe work.pointee.input.count > 0
  }

  /// Whether the content of the request at the start of the kept input was read and dropped.
  @inline(always)
  var isContentDropped: Bool {
    guard let work = unsafe work else { return false }
    return unsafe work.pointee.request.isContentDropped
  }

  /// Whether the connection waits for a request of which nothing has come.
  var isIdle: Bool { state == .reading && !hasInput }

  /// Whether it is idle and has carried a request before.
  var isBetweenRequests: Bool { isIdle && !awaitsHead }
}

/// What a connection holds while it is not idle.
///
/// The unsafe part: `backlog` is nil or owned by this value.
@safe struct ConnectionWork {
  /// Bytes received and not answered: an incomplete head, or requests behind a blocked response.
  var input = OwnedBytes.none
  /// The response that the client has not taken in whole.
  var backlog: UnsafeMutablePointer<ResponseBacklog>?
  /// The request at the start of `input`, as far as it was answered.
  var request = RequestProgress()
  /// When the client has used up its time to take the response or to send content.
  var rateDeadline = Int64.max

  /// Bytes of memory that the connection holds.
  var heldByteCount: Int {
    guard let backlog = unsafe backlog else { return input.count }
    return unsafe input.count + backlog.pointee.heldByteCount
  }

  /// Frees what it owns.
  mutating func free() {
    input.free()
    if let backlog = unsafe backlog { unsafe ResponseBacklog.free(backlog) }
    unsafe backlog = nil
  }
}

/// What was done for one request whose content comes in pieces; made anew for each request.
struct RequestProgress {
  /// Where the content stands; nil while nothing of it was read.
  var content: ContentReader?
  /// Whether the content was read to its end and dropped, because the request was for a file when its
  /// head came. It cannot be for the app any more, whatever a new table says.
  var isContentDropped = false
}
