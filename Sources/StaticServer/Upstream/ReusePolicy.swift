/// Whether a connection to the app can be reused; this is the only place that decides it.
///
/// If a response is longer than its head announces, the excess bytes precede the next response,
/// which belongs to another client. So a connection is reused only if the end of the response is
/// certain.
///
/// Source: RFC 9112 §6.3 (message body length), §9.3 (persistence), §11.2 (response splitting).
enum ReusePolicy {
  /// The properties of a response head that decide about its end and the connection.
  struct Ending: Equatable {
    /// Whether the request method is HEAD.
    var isHead = false
    var status: UInt16 = 200
    var framing = UpstreamResponseHead.Framing.untilClose
    /// The value of `Content-Length`.
    var contentLength: Int64?
    /// Whether the app keeps the connection open, according to the version and `Connection`.
    var isPersistent = false
  }

  /// The events on the connection up to the end of a response.
  struct Outcome: Equatable {
    /// Bytes received behind the end of the response.
    var trailingByteCount = 0
    /// Request bytes that the app has not received.
    var unsentByteCount: Int64 = 0
    /// Whether sending the request has failed.
    var stopsSending = false
    /// Whether the response was truncated.
    var isBroken = false
    /// Whether the connection began with the PROXY protocol: all of its requests have the same
    /// client address.
    var isOfOneClient = false
  }

  /// Whether the end of the response is certain.
  ///
  /// A response to HEAD, and one with 204 or 304, has no content, whatever its fields announce. But
  /// some apps send content: gunicorn writes what the application returns, even if no length was
  /// announced. Only `Content-Length: 0` prevents that, so any other such response ends the
  /// connection.
  static func isEndCertain(_ ending: Ending) -> Bool {
    switch ending.framing {
    case .untilClose: return false
    case .length, .chunked: return true
    case .empty:
      let hasNoContent = ending.isHead || ending.status == 204 || ending.status == 304
      return !hasNoContent || ending.contentLength == 0
    }
  }

  /// Whether the connection can be reused after `outcome`.
  static func mayReuse(_ ending: Ending, _ outcome: Outcome) -> Bool {
    ending.isPersistent && isEndCertain(ending) && outcome == Outcome()
  }
}
