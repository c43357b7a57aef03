#if NIO
  internal import NIOCore
  internal import StaticAssets

  /// The parts in which the pipelines of one kind have their messages.
  protocol MessageParts: SendableMetatype {
    /// A part of a request.
    associatedtype Request
    /// A part of a response.
    associatedtype Response
    associatedtype RequestHead: Sendable
    associatedtype ResponseHead: Sendable

    /// Which part of a request `part` is.
    static func step(_ part: Request) -> RequestStep<RequestHead>
    /// What the request with `head` asks for; nil when it has no target that a file can have.
    static func facts(of head: RequestHead) -> RequestFacts?

    /// A head without `Date` and `Connection`.
    static func head(_ status: AnyStatus, _ fields: [(name: String, value: String)]) -> ResponseHead
    /// Adds `Date` and, unless it is nil, `Connection`.
    static func add(date: String, connection: String?, to head: inout ResponseHead)

    static func part(_ head: ResponseHead) -> Response
    static func part(_ buffer: ByteBuffer) -> Response
    /// Nil where only buffers can be parts of a body.
    static func part(_ region: FileRegion) -> Response?
    static var end: Response { get }
  }

  /// A part of a request.
  enum RequestStep<Head> {
    case head(Head)
    case content
    case end
  }

  /// What decides about the answer to a request.
  struct RequestFacts: Sendable {
    var request: ParsedRequest
    var isVersion10 = false
    /// Whether the client lets the connection go on.
    var keepsAlive: Bool
    /// Whether there is `Expect`: the content may come or not.
    var expects: Bool

    /// Whether a connection goes on, by the values of `Connection`.
    ///
    /// As NIO's `isKeepAlive`, but `close` goes before `keep-alive`. Source: RFC 9112 §9.3.
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
  }
#endif
