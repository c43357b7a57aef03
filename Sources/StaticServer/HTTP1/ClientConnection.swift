internal import StaticAssets

/// One client connection: a bitwise-copyable value of 48 bytes; a free slot is all zeros.
///
/// The unsafe part: `work` is nil, or a heap block that this connection owns and
/// `ClientSlab.release` frees.
@safe struct ClientConnection {
  /// The state of a connection.
  enum State: UInt8, CaseIterable {
    /// No connection has this descriptor.
    case free
    /// Waits for the PROXY protocol header, before its first request.
    case prelude
    /// Waits for a request; a part of its head may be received.
    case reading
    /// Waits for the table of files, which the request in the stored input needs.
    case waiting
    /// Receives and discards the content of a request for a file.
    case skipping
    /// Sends a response; a part of it is in the backlog.
    case sending
    /// The last response is sent and the sending side shut down. Received bytes are discarded:
    /// closing with unread bytes would reset the connection and destroy the response.
    case lingering
    /// The response is truncated: wait until the client has received its bytes, then reset.
    case breaking
    /// An exchange processes the request.
    case exchanging
  }

  var state = State.free
  /// Whether the head time-out runs: for the first head, or for one that is partly received.
  var awaitsHead = false
  /// Whether the client used TLS, according to a load balancer.
  var isSecure = false
  /// Whether the stored input may hold a complete request, to be answered in the connection's next
  /// turn.
  var hasBufferedRequest = false
  /// The client's address.
  var peer = PeerAddress()
  /// The number of requests that were processed.
  var requestCount: UInt32 = 0
  /// The number of the connection in its loop; a stale event has another generation.
  var generation: UInt32 = 0
  /// The exchange in the state `exchanging`.
  var exchange = ExchangeID.none
  /// The state of a connection that is not idle; nil if it is idle.
  var work: UnsafeMutablePointer<ConnectionWork>?

  /// Whether there are received bytes that are not processed.
  @inline(always)
  var hasInput: Bool {
    guard let work = unsafe work else { return false }
    return unsafe work.pointee.input.count > 0
  }

  /// Whether the content of the request at the start of the stored input was received and
  /// discarded.
  @inline(always)
  var isContentDropped: Bool {
    guard let work = unsafe work else { return false }
    return unsafe work.pointee.request.isContentDropped
  }

  /// Whether the connection waits for a request and has received no byte of it.
  var isIdle: Bool { state == .reading && !hasInput }

  /// Whether it may be closed to make room: no request is there, and no response is on its way.
  var isDisplaceable: Bool { isIdle || state == .lingering }

  /// Whether it is idle and has carried a request.
  var isBetweenRequests: Bool { isIdle && !awaitsHead }
}

/// The state of a connection that is not idle.
///
/// The unsafe part: `backlog` is nil or owned by this value.
@safe struct ConnectionWork {
  /// Received bytes that are not processed: an incomplete head, or requests behind a blocked
  /// response.
  var input = OwnedBytes.none
  /// The response that the client has not received completely.
  var backlog: UnsafeMutablePointer<ResponseBacklog>?
  /// The progress of the request at the start of `input`.
  var request = RequestProgress()
  /// The log line of the response in `backlog`; nil if none is to be written or measured.
  var draft: ResponseDraft?
  /// The time by which the client must have received or sent more, in monotonic milliseconds.
  var rateDeadline = Int64.max
  /// Since when the request at the start of `input` has waited for the table, in monotonic
  /// nanoseconds; 0 if it has not.
  var waitStart: Int64 = 0

  /// The bytes of memory that the connection uses.
  var heldByteCount: Int {
    guard let backlog = unsafe backlog else { return input.count }
    return unsafe input.count + backlog.pointee.heldByteCount
  }

  /// Frees the owned memory.
  mutating func free() {
    input.free()
    if let backlog = unsafe backlog { unsafe ResponseBacklog.free(backlog) }
    unsafe backlog = nil
    draft = nil
  }
}

/// The progress of one request whose content arrives in parts; a new value for each request.
struct RequestProgress {
  /// The position in the framing of the content; nil before its first byte was read.
  var content: ContentReader?
  /// Whether the content was received and discarded, because the head was that of a request for a
  /// file.
  ///
  /// Such a request is never forwarded, even if a new table no longer has the file.
  var isContentDropped = false
}
