/// What a handler in this process answers.
///
/// `Connection` and what frames the content are the server's to send; a handler's own are left out,
/// but for the `Content-Length` of an answer to HEAD. `Date` and `X-Request-Id` are added where they
/// are missing.
public struct HandlerResponse: Sendable {
  /// The status, 200 to 599.
  public var status: Int
  /// The fields.
  public var fields: HandlerFields
  /// The content; not sent, nor made, where the status or the method has none.
  public var body: HandlerBody

  /// A response.
  ///
  /// A status out of range, a name that is no token or a value with a line's end or another control
  /// character is not sent: the client gets 500 instead.
  public init(status: Int = 200, fields: HandlerFields = [:], body: HandlerBody = .empty) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// Text, as `text/plain` in UTF-8.
  public init(status: Int = 200, text: String) {
    let fields: HandlerFields = ["Content-Type": "text/plain; charset=utf-8"]
    self.init(status: status, fields: fields, body: .bytes(Array(text.utf8)))
  }

  /// A page, as `text/html` in UTF-8.
  public init(status: Int = 200, html: String) {
    let fields: HandlerFields = ["Content-Type": "text/html; charset=utf-8"]
    self.init(status: status, fields: fields, body: .bytes(Array(html.utf8)))
  }
}

/// The content of a response.
public struct HandlerBody: Sendable {
  enum Source: Sendable {
    case bytes([UInt8])
    case stream(byteCount: Int64?, @Sendable (HandlerBodyWriter) async throws -> Void)
  }

  let source: Source

  /// None.
  public static var empty: HandlerBody { .bytes([]) }

  /// These bytes.
  public static func bytes(_ bytes: [UInt8]) -> HandlerBody { HandlerBody(source: .bytes(bytes)) }

  /// What `write` writes until it returns.
  ///
  /// If it throws, the connection is closed so that the client can tell that there is something
  /// missing. When the client is gone or the server ends, its task is cancelled, and writing throws
  /// `CancellationError`.
  ///
  /// - Parameters:
  ///   - byteCount: how many bytes that will be, which clients are told; nil when it is not known.
  ///     With fewer the connection is closed; what is more is not sent.
  ///   - write: makes the content.
  public static func stream(
    byteCount: Int64? = nil,
    _ write: @escaping @Sendable (HandlerBodyWriter) async throws -> Void
  ) -> HandlerBody {
    precondition(byteCount ?? 0 >= 0, "a number of bytes")
    return HandlerBody(source: .stream(byteCount: byteCount, write))
  }
}

/// Takes the content of a response while it is made.
public struct HandlerBodyWriter: Sendable {
  /// Bytes that are taken before the client is waited for.
  static let waitingBytesMax = 65536

  let call: HandlerCall

  /// Sends `bytes`, and waits while the client has more than 64 KiB to take.
  ///
  /// - Throws: `CancellationError` when nobody will take them any more.
  public func write(_ bytes: [UInt8]) async throws(CancellationError) {
    try await call.write(bytes)
  }

  /// Sends `text` in UTF-8; otherwise as `write(_:)` of bytes.
  public func write(_ text: String) async throws(CancellationError) {
    try await write(Array(text.utf8))
  }
}

/// Answers requests for no file, inside this process.
///
/// It is called for each request in a task of its own, which is cancelled when the client is gone.
public typealias RequestHandler = @Sendable (HandlerRequest) async throws -> HandlerResponse
