/// Whether a connection to the app may carry another request. Decided here alone.
///
/// A response whose end is not where its head says puts its bytes before the next response, which is
/// then another client's. So a connection is used again only when the end is certain.
///
/// Source: RFC 9112 §6.3 (where a response ends), §9.3 (persistence), §11.2 (response splitting).
enum ReusePolicy {
  /// What a response head says of its end and of the connection.
  struct Ending: Equatable {
    /// Whether the request was HEAD.
    var isHead = false
    var status: UInt16 = 200
    var framing = UpstreamResponseHead.Framing.untilClose
    /// The value of `Content-Length`.
    var contentLength: Int64?
    /// Whether the app takes another request after this one, by the version and `Connection`.
    var isPersistent = false
  }

  /// What has happened on the connection until the end of a response.
  struct Outcome: Equatable {
    /// Bytes that came behind the end.
    var trailingByteCount = 0
    /// Bytes of the request that the app has not taken.
    var unsentByteCount: Int64 = 0
    /// Whether sending the request has failed.
    var stopsSending = false
    /// Whether the response ended before its end.
    var isBroken = false
  }

  /// Whether it is certain where the response ends.
  ///
  /// A response to HEAD, and one with 204 or 304, has no content whatever its fields say, but apps
  /// send some: gunicorn writes what the application returns, also where it has announced nothing.
  /// Only `Content-Length: 0` keeps it from that, so every other such response ends the connection.
  static func isEndCertain(_ ending: Ending) -> Bool {
    switch ending.framing {
    case .untilClose: return false
    case .length, .chunked: return true
    case .empty:
      let hasNoContent = ending.isHead || ending.status == 204 || ending.status == 304
      return !hasNoContent || ending.contentLength == 0
    }
  }

  /// Whether the connection may be used again after `outcome`.
  static func mayReuse(_ ending: Ending, _ outcome: Outcome) -> Bool {
    ending.isPersistent && isEndCertain(ending) && outcome == Outcome()
  }
}
