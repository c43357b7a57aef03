#if Hummingbird
  internal import HTTPTypes
  public import Hummingbird
  public import StaticAssets

  /// Middleware that answers for static files, as `staticd serve` does.
  ///
  /// ```swift
  /// let assets = LiveTable(try FileTable.build(root: "staticfiles"))
  /// let router = Router()
  /// router.middlewares.add(StaticAssetsMiddleware(assets))
  /// ```
  ///
  /// Requests for what is nothing of the table's go on to the next responder. What the table's
  /// prefix covers ends here, also with 404 and 405, before any route.
  ///
  /// Small files are sent from memory. Large ones are read in pieces on a thread pool while they
  /// are sent, so that no event loop waits for a disk. A file that is gone is 500; one that becomes
  /// shorter while it is sent ends its connection.
  public struct StaticAssetsMiddleware<Context: RequestContext>: RouterMiddleware {
    private let assets: LiveTable

    /// Answers from the current table of `assets`, whichever that is when a request comes.
    public init(_ assets: LiveTable) {
      self.assets = assets
    }

    /// Answers from `table` alone.
    public init(_ table: FileTable) {
      self.init(LiveTable(table))
    }

    /// Answers `request`, or hands it to `next`.
    ///
    /// - Throws: `FileError` when a file is gone or another one by now, which Hummingbird answers
    ///   with 500, and what `next` throws.
    public func handle(
      _ request: Request,
      context: Context,
      next: (Request, Context) async throws -> Response
    ) async throws -> Response {
      let table = assets.current
      guard let parsed = ParsedRequest(request.head), let plain = table.response(to: parsed) else {
        return try await next(request, context)
      }
      return try await Response(plain, of: table)
    }
  }

  extension ParsedRequest {
    /// The request, or nil when it has no target.
    fileprivate init?(_ request: HTTPRequest) {
      self.init(method: request.method.rawValue, target: request.path ?? "")
      for field in request.headerFields { add(field.name.canonicalName, field.value) }
    }
  }

  extension Response {
    /// The response with its body behind it.
    ///
    /// - Throws: `FileError` when the body's file cannot be opened.
    fileprivate init(_ plain: PlainResponse, of table: FileTable) async throws {
      var fields = HTTPFields()
      fields.reserveCapacity(plain.fields.count + 1)
      for field in plain.fields {
        guard let name = HTTPField.Name(field.name) else { continue }
        fields.append(HTTPField(name: name, value: field.value))
      }
      let status = HTTPResponse.Status(
        code: Int(plain.status.rawValue),
        reasonPhrase: "\(plain.status.reason)"
      )
      let hasLength = fields.contains(.contentLength)
      let body = try await ResponseBody(plain, of: table)
      self.init(status: status, headers: fields, body: body)
      // A body that is not there counts as one of 0 bytes, which a 304 must not say.
      if !hasLength { headers[.contentLength] = nil }
    }
  }
#endif
