internal import StaticAssets

/// The head of an app's response, as offsets into the buffer that it was read from.
struct UpstreamResponseHead {
  /// How the content ends that follows the head (RFC 9112 §6.3).
  enum Framing: Equatable {
    /// There is none.
    case empty
    case length(Int64)
    case chunked
    /// It ends with the connection.
    case untilClose
  }

  var isVersion10 = false
  /// From 100 to 599.
  var status: UInt16 = 0
  /// The reason phrase; may be empty.
  var reason = ByteSlice.none
  /// The first byte of the field lines.
  var fieldsStart = 0
  /// Bytes from the start of the buffer to the first byte after the head.
  var byteCount = 0
  var framing = Framing.empty
  /// The value of `Content-Length`, which the answer to HEAD has without content.
  var contentLength: Int64?
  var isChunked = false
  /// What `Connection` says: `close`, and `keep-alive`.
  var closes = false
  var asksToKeep = false
  /// What decides whether the app's connection can be used again.
  var ending = ReusePolicy.Ending()
  /// How long it says to keep an idle connection, in milliseconds.
  var keepAliveTime = Int64.max
  /// Whether what comes is to go on at once: `text/event-stream` or `X-Accel-Buffering: no`.
  var isUnbuffered = false
  /// The value of `Upgrade`.
  var upgrade = ByteSlice.none
  /// The value of `X-Accel-Redirect`: the URL path of a file that is to be sent instead.
  var fileURL = ByteSlice.none
  /// The value of `X-Sendfile`: such a file's path.
  var filePath = ByteSlice.none
  var hasContentType = false
  var hasDate = false

  /// All field lines with their line ends, without the empty line.
  var fieldLines: ByteSlice {
    ByteSlice(offset: fieldsStart, count: byteCount - 2 - fieldsStart)
  }

  /// The fields that `Connection` names, which are for us alone.
  var connection = ConnectionOptions()

  /// Whether a final response follows (RFC 9110 §15.2).
  var isInterim: Bool { status < 200 && status != 101 }
}
