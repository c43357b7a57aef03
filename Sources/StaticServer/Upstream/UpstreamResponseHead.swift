internal import StaticAssets

/// The head of an app's response, as offsets into the buffer that it was parsed from.
struct UpstreamResponseHead {
  /// The framing of the content (RFC 9112 §6.3).
  enum Framing: Equatable {
    /// No content.
    case empty
    case length(Int64)
    case chunked
    /// Delimited by the end of the connection.
    case untilClose
  }

  var isVersion10 = false
  /// The status code, 100 to 599.
  var status: UInt16 = 0
  /// The reason phrase; may be empty.
  var reason = ByteSlice.none
  /// The offset of the first field line.
  var fieldsStart = 0
  /// The length of the head in bytes, from the start of the buffer.
  var byteCount = 0
  var framing = Framing.empty
  /// The value of `Content-Length`; a response to HEAD has it without content.
  var contentLength: Int64?
  var isChunked = false
  /// The connection options `close` and `keep-alive`.
  var closes = false
  var asksToKeep = false
  /// The properties that decide whether the app's connection is reused.
  var ending = ReusePolicy.Ending()
  /// The idle time-out that the app announces in `Keep-Alive`, in milliseconds.
  var keepAliveTime = Int64.max
  /// Whether content must be passed on at once: `text/event-stream` or `X-Accel-Buffering: no`.
  var isUnbuffered = false
  /// The value of `Upgrade`.
  var upgrade = ByteSlice.none
  /// The value of `X-Accel-Redirect`: the URL path of a file to send instead of the content.
  var fileURL = ByteSlice.none
  /// The value of `X-Sendfile`: the file system path of such a file.
  var filePath = ByteSlice.none
  /// The value of `Content-Encoding`.
  var contentEncoding = ByteSlice.none
  /// Why the head is malformed.
  var fault = FailureReason.malformedHead
  var hasContentType = false
  var hasDate = false

  /// All field lines with their line ends, without the empty line.
  var fieldLines: ByteSlice {
    ByteSlice(offset: fieldsStart, count: byteCount - 2 - fieldsStart)
  }

  /// The connection options, which are not passed on.
  var connection = ConnectionOptions()

  /// Whether a final response follows (RFC 9110 §15.2).
  var isInterim: Bool { status < 200 && status != 101 }
}
