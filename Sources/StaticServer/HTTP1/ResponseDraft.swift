internal import StaticAssets

/// The log line of a response that the client has not received completely.
///
/// It is written when the response ends, because its duration and size are not known before.
struct ResponseDraft {
  /// The time when the request was processed, in monotonic nanoseconds.
  let start: Int64
  /// The line without its duration.
  var line: RequestLog.Line
  /// The request, parsed from `bytes`.
  let head: RequestHead
  /// Empty if there is no log.
  let bytes: [UInt8]
}
