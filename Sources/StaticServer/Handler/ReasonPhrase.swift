internal import StaticAssets

/// The reason phrases of the statuses that a handler may send.
///
/// Source: RFC 9110 §15; RFC 6585 §3, §4 and §6 (428, 429, 511).
enum ReasonPhrase {
  /// The phrase of `status`; empty if these RFCs do not define the status.
  static func of(_ status: UInt16) -> String {
    ResponseStatus(rawValue: status).map { "\($0.reason)" } ?? others[status] ?? ""
  }

  /// The phrases of statuses that the package does not send by itself.
  private static let others: [UInt16: String] = [
    201: "Created",
    202: "Accepted",
    203: "Non-Authoritative Information",
    205: "Reset Content",
    300: "Multiple Choices",
    305: "Use Proxy",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    406: "Not Acceptable",
    407: "Proxy Authentication Required",
    409: "Conflict",
    410: "Gone",
    411: "Length Required",
    415: "Unsupported Media Type",
    421: "Misdirected Request",
    422: "Unprocessable Content",
    426: "Upgrade Required",
    428: "Precondition Required",
    429: "Too Many Requests",
    511: "Network Authentication Required",
  ]
}
