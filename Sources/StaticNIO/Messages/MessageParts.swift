#if NIO
  internal import NIOCore
  internal import StaticAssets

  /// The message parts of one kind of pipeline.
  protocol MessageParts: SendableMetatype {
    /// A part of a request.
    associatedtype Request
    /// A part of a response.
    associatedtype Response
    associatedtype RequestHead: Sendable
    associatedtype ResponseHead: Sendable

    /// Classifies `part`.
    static func step(_ part: Request) -> RequestStep<RequestHead>
    /// The facts about the request with `head`; nil when its target is not valid.
    static func facts(of head: RequestHead) -> RequestFacts?

    /// A head without `Date` and `Connection`.
    static func head(_ status: AnyStatus, _ fields: [(name: String, value: String)]) -> ResponseHead
    /// Adds `Date` and, unless it is nil, `Connection`.
    static func add(date: String, connection: String?, to head: inout ResponseHead)

    static func part(_ head: ResponseHead) -> Response
    static func part(_ buffer: ByteBuffer) -> Response
    /// A body part of a file region; nil if only buffers are possible.
    static func part(_ region: FileRegion) -> Response?
    static var end: Response { get }
  }

  /// A part of a request.
  enum RequestStep<Head> {
    case head(Head)
    case content
    case end
  }

  /// The properties of a request that determine the response.
  struct RequestFacts: Sendable {
    var request: ParsedRequest
    var isVersion10 = false
    /// Whether the client permits further requests on the connection.
    var keepsAlive: Bool
    /// Whether the request has `Expect`: the client may not send the content.
    var expects: Bool

    /// Whether a connection persists, by the values of `Connection`.
    ///
    /// Like NIO's `isKeepAlive`, but `close` takes precedence over `keep-alive`. Source: RFC 9112
    /// §9.3.
    static func keepsAlive(_ options: [some StringProtocol], isVersion10: Bool) -> Bool {
      let options = options.map { $0.lowercased() }
      if options.contains("close") { return false }
      return !isVersion10 || options.contains("keep-alive")
    }
  }

  /// A status of this package or of an app.
  struct AnyStatus {
    let code: Int
    let reason: String

    init(_ status: ResponseStatus) {
      code = Int(status.rawValue)
      reason = "\(status.reason)"
    }

    init(code: Int, reason: String) {
      self.code = code
      self.reason = reason
    }

    /// Whether a response with this status has content (RFC 9110 §6.4.1).
    var hasContent: Bool { code >= 200 && code != 204 && code != 205 && code != 304 }
  }
#endif
