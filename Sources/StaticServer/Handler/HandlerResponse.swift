/// The response of a handler.
///
/// The server sets `Connection` and the framing fields. Those of the handler are removed, except
/// the `Content-Length` of a response to HEAD. `Date` and `X-Request-Id` are added if they are
/// missing.
public struct HandlerResponse: Sendable {
  /// The status code, 200 to 599.
  public var status: Int
  /// The field lines.
  public var fields: HandlerFields
  /// Whether the handler has declined the request: `notFound`.
  private(set) var isLeft = false
  /// The content; not produced and not sent if the status or the method allows none.
  public var body: HandlerBody

  /// The response of a handler that declines the request.
  ///
  /// The client gets the fallback of the table, if the path may be a page's and the client accepts
  /// HTML; else the error page for 404, if there is one; else a short text. Any other response with
  /// the status 404 is sent unchanged. A handler may also throw `NotFound`.
  public static let notFound: HandlerResponse = {
    var response = HandlerResponse(status: 404)
    response.isLeft = true
    return response
  }()

  /// Thrown by a handler that declines the request; the same as `notFound`.
  public struct NotFound: Error {
    /// An error equivalent to `notFound`.
    public init() {}
  }

  /// Creates a response.
  ///
  /// The client gets 500 instead if the status is out of range, a name is not a token, a value
  /// has a line end or another control character, or the length of the content is negative.
  public init(status: Int = 200, fields: HandlerFields = [:], body: HandlerBody = .empty) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// A response with `text/plain` content in UTF-8.
  public init(status: Int = 200, text: String) {
    let fields: HandlerFields = ["Content-Type": "text/plain; charset=utf-8"]
    self.init(status: status, fields: fields, body: .bytes(Array(text.utf8)))
  }

  /// A response with `text/html` content in UTF-8.
  public init(status: Int = 200, html: String) {
    let fields: HandlerFields = ["Content-Type": "text/html; charset=utf-8"]
    self.init(status: status, fields: fields, body: .bytes(Array(html.utf8)))
  }
}

/// The content of a handler's response.
public struct HandlerBody: Sendable {
  enum Source: Sendable {
    case bytes([UInt8])
    case stream(
      byteCount: Int64?,
      isEndless: Bool,
      @Sendable (HandlerBodyWriter) async throws -> Void
    )
  }

  let source: Source

  /// The length in bytes; 0 if it is unknown.
  var byteCount: Int64 {
    switch source {
    case .bytes(let bytes): Int64(bytes.count)
    case .stream(let byteCount, _, _): byteCount ?? 0
    }
  }

  /// No content.
  public static var empty: HandlerBody { .bytes([]) }

  /// Content that is in memory.
  public static func bytes(_ bytes: [UInt8]) -> HandlerBody { HandlerBody(source: .bytes(bytes)) }

  /// Content that `write` produces until it returns.
  ///
  /// If `write` throws, the connection is closed so that the client detects the truncation. If the
  /// client leaves or the server stops, the task is cancelled and writing throws
  /// `CancellationError`.
  ///
  /// - Parameters:
  ///   - byteCount: the length in bytes, not negative, which is sent as `Content-Length`; nil if it
  ///     is unknown. If `write` produces fewer bytes, the connection is closed; excess bytes are
  ///     not sent.
  ///   - isEndless: whether the content has no end, such as a stream of events. The task is then
  ///     cancelled when a stop of the server is requested, not only at the end of the grace time:
  ///     `write` can still write, and ends the response by returning.
  ///   - write: produces the content.
  public static func stream(
    byteCount: Int64? = nil,
    isEndless: Bool = false,
    _ write: @escaping @Sendable (HandlerBodyWriter) async throws -> Void
  ) -> HandlerBody {
    HandlerBody(source: .stream(byteCount: byteCount, isEndless: isEndless, write))
  }
}

/// Writes the content of a response while it is sent.
public struct HandlerBodyWriter: Sendable {
  /// The number of waiting bytes above which `write` suspends.
  static let waitingBytesMax = 65536

  let call: HandlerCall

  /// Sends `bytes`; suspends while more than 64 KiB wait for the client.
  ///
  /// - Throws: `CancellationError` if the client has left or the server stops.
  public func write(_ bytes: [UInt8]) async throws(CancellationError) {
    try await call.write(bytes)
  }

  /// Sends `text` in UTF-8, like `write(_:)` with bytes.
  public func write(_ text: String) async throws(CancellationError) {
    try await write(Array(text.utf8))
  }
}

/// A function that handles requests for no file, in this process.
///
/// It is called in a new task for each request; the task is cancelled if the client leaves.
public typealias RequestHandler = @Sendable (HandlerRequest) async throws -> HandlerResponse
