/// The status codes that this package sends.
///
/// Source: RFC 9110 §15; RFC 6585 §5 (431).
public enum ResponseStatus: UInt16, Sendable, CaseIterable, BitwiseCopyable {
  /// The whole file.
  case ok = 200
  /// The response to OPTIONS.
  case noContent = 204
  /// One or several ranges of the file.
  case partialContent = 206
  /// A redirect of the operator (301).
  case movedPermanently = 301
  /// A redirect from an index file, or from a path without its trailing slash, to the directory.
  case found = 302
  /// A redirect of the operator whose target is requested with GET.
  case seeOther = 303
  /// The client's copy is current, by the preconditions.
  case notModified = 304
  /// A redirect of the operator that keeps the method.
  case temporaryRedirect = 307
  /// A redirect that keeps the method: from `about.html` to `about`, or the operator's.
  case permanentRedirect = 308
  /// The request is malformed.
  case badRequest = 400
  /// No file has this name.
  case notFound = 404
  /// The method is not GET, HEAD or OPTIONS.
  case methodNotAllowed = 405
  /// The request was not received in time.
  case requestTimeout = 408
  /// `If-Match` or `If-Unmodified-Since` is false.
  case preconditionFailed = 412
  /// The content exceeds the limit.
  case contentTooLarge = 413
  /// The request target exceeds the limit.
  case targetTooLong = 414
  /// No range overlaps the file.
  case rangeNotSatisfiable = 416
  /// An expectation other than `100-continue`.
  case expectationFailed = 417
  /// The field lines exceed a limit.
  case fieldsTooLarge = 431
  /// The file cannot be read.
  case internalError = 500
  /// An unknown transfer coding, or the method CONNECT.
  case notImplemented = 501
  /// The app's response is invalid.
  case badGateway = 502
  /// The app cannot be reached, or a limit is reached.
  case serviceUnavailable = 503
  /// The app did not respond in time.
  case gatewayTimeout = 504
  /// Another major version of HTTP.
  case versionNotSupported = 505

  /// The reason phrase of the RFC that defines the code.
  public var reason: StaticString {
    switch self {
    case .ok: "OK"
    case .noContent: "No Content"
    case .partialContent: "Partial Content"
    case .movedPermanently: "Moved Permanently"
    case .found: "Found"
    case .seeOther: "See Other"
    case .temporaryRedirect: "Temporary Redirect"
    case .permanentRedirect: "Permanent Redirect"
    case .notModified: "Not Modified"
    case .badRequest: "Bad Request"
    case .notFound: "Not Found"
    case .methodNotAllowed: "Method Not Allowed"
    case .requestTimeout: "Request Timeout"
    case .preconditionFailed: "Precondition Failed"
    case .contentTooLarge: "Content Too Large"
    case .targetTooLong: "URI Too Long"
    case .rangeNotSatisfiable: "Range Not Satisfiable"
    case .expectationFailed: "Expectation Failed"
    case .fieldsTooLarge: "Request Header Fields Too Large"
    case .internalError: "Internal Server Error"
    case .notImplemented: "Not Implemented"
    case .badGateway: "Bad Gateway"
    case .serviceUnavailable: "Service Unavailable"
    case .gatewayTimeout: "Gateway Timeout"
    case .versionNotSupported: "HTTP Version Not Supported"
    }
  }
}
