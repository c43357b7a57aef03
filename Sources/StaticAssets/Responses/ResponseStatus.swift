/// A status code that is sent by this package, with its reason phrase.
///
/// Source: RFC 9110 §15.
public enum ResponseStatus: UInt16, Sendable, CaseIterable, BitwiseCopyable {
  /// The file.
  case ok = 200
  /// The answer to OPTIONS.
  case noContent = 204
  /// Ranges of the file.
  case partialContent = 206
  /// The page is at the path with a slash at its end, or without `index.html`.
  case found = 302
  /// The client has the file already.
  case notModified = 304
  /// The request is malformed.
  case badRequest = 400
  /// There is no file of this name.
  case notFound = 404
  /// Files are read, not changed.
  case methodNotAllowed = 405
  /// The request did not come in time.
  case requestTimeout = 408
  /// The file is not the one that the request is about.
  case preconditionFailed = 412
  /// The request has more content than is taken.
  case contentTooLarge = 413
  /// The request target is too long.
  case targetTooLong = 414
  /// The ranges lie outside of the file.
  case rangeNotSatisfiable = 416
  /// An expectation other than `100-continue`.
  case expectationFailed = 417
  /// The header fields are too many or too long.
  case fieldsTooLarge = 431
  /// The file cannot be read.
  case internalError = 500
  /// A transfer coding that is not known.
  case notImplemented = 501
  /// The app sent no valid response.
  case badGateway = 502
  /// The app cannot be reached, or everything is in use.
  case serviceUnavailable = 503
  /// The app did not answer in time.
  case gatewayTimeout = 504
  /// The request is of another major version of HTTP.
  case versionNotSupported = 505

  /// The reason phrase of the RFC that defines the code.
  public var reason: StaticString {
    switch self {
    case .ok: "OK"
    case .noContent: "No Content"
    case .partialContent: "Partial Content"
    case .found: "Found"
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
