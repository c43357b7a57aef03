#if Hummingbird
  internal import HTTPTypes
  public import Hummingbird
  internal import NIOPosix
  public import StaticAssets

  /// Middleware that answers for static files, as `staticd serve` does.
  ///
  /// ```swift
  /// let assets = LiveTable(try FileTable(root: "staticfiles"))
  /// let router = Router()
  /// router.middlewares.add(StaticAssetsMiddleware(assets))
  /// ```
  ///
  /// Requests for what is nothing of the table's go on to the next responder. What the table's
  /// prefix covers ends here, also with 404 and 405, before any route. If the next responder answers a
  /// client that accepts HTML with 404, the fallback of the table takes the place of that.
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
      guard let parsed = ParsedRequest(request.head) else {
        return try await next(request, context)
      }
      let prepared = table.response(to: parsed) { PreparedResponse($0, of: table) }
      if let prepared { return try await Self.response(prepared, of: table, to: request) }
      do {
        let response = try await next(request, context)
        guard response.status == .notFound, let page = Self.page(parsed, of: table) else {
          return response
        }
        return try await Self.response(page, of: table, to: request)
      } catch let error as any HTTPResponseError where error.status == .notFound {
        guard let page = Self.page(parsed, of: table) else { throw error }
        return try await Self.response(page, of: table, to: request)
      }
    }

    /// The fallback that comes after the next responder.
    private static func page(_ request: ParsedRequest, of table: FileTable) -> PreparedResponse? {
      table.responseAfterApp(to: request) { PreparedResponse($0, of: table) }
    }

    private static func response(
      _ prepared: PreparedResponse,
      of table: FileTable,
      to request: Request
    ) async throws -> Response {
      var response = try await response(prepared, of: table)
      // For this value alone Hummingbird closes, and does not say so.
      if request.headers[.connection] == "close" { response.headers[.connection] = "close" }
      return response
    }

    private static func response(
      _ prepared: PreparedResponse,
      of table: FileTable
    ) async throws -> Response {
      guard !prepared.pieces.isEmpty else { return prepared.response }
      let file = try await open(prepared.fileNumber, of: table)
      return Response(
        status: prepared.response.status,
        headers: prepared.response.headers,
        body: ResponseBody(prepared.pieces, byteCount: prepared.byteCount, file)
      )
    }

    private static func open(_ number: Int?, of table: FileTable) async throws -> BodyFile? {
      guard let number else { return nil }
      if let file = table.keptBody(number) { return file }
      return try await NIOThreadPool.singleton.runIfActive { try table.openBody(number) }
    }
  }

  extension ParsedRequest {
    /// The request, or nil when it has no target.
    fileprivate init?(_ request: HTTPRequest) {
      self.init(method: request.method.rawValue, target: request.path ?? "")
      for field in request.headerFields { add(field.name.canonicalName, field.value) }
    }
  }
#endif
