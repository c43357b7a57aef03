internal import StaticAssets

/// The log line of a response that the client has not received completely.
///
/// It is written when the response ends: then it is known how long it took, and how much was sent.
struct ResponseDraft {
  /// When the request was answered, in monotonic nanoseconds.
  let start: Int64
  /// The line without its duration.
  var line: RequestLog.Line
  /// The request, parsed from `bytes`.
  let head: RequestHead
  /// Empty if there is no log.
  let bytes: [UInt8]
}
