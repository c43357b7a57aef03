#if Hummingbird
  public import CoreMetrics
  internal import HTTPTypes
  public import Hummingbird
  internal import Logging
  public import StaticAssets

  /// Middleware that serves static files like `staticd serve`.
  ///
  /// ```swift
  /// let assets = try LiveTable(root: "staticfiles")
  /// let router = Router()
  /// router.middlewares.add(StaticAssetsMiddleware(assets))
  /// ```
  ///
  /// The order is: files, then the routes, then pages. A GET or HEAD for a file is answered from
  /// the table; every other request goes to the next responder. If that returns or throws 404, the
  /// table may replace it: with the page of a single-page app, the error page, 404 with
  /// `Cache-Control: no-store` for a missing file of a collected directory, 405 for a file, 204 for
  /// OPTIONS. A 404 with content is replaced only by a page, and only for clients that accept HTML.
  ///
  /// Small files are sent from memory. Large ones are read in chunks on a thread pool while they
  /// are sent, so that no event loop waits for a disk. A file that was rewritten since the table
  /// was built is sent in its current version, with an entity tag of its size and times; a removed
  /// file gets 500; if a file changes while it is sent, the connection is closed. The only lock is
  /// that of Hummingbird's `endpointPath`, which belongs to the request.
  public struct StaticAssetsMiddleware<Context: RequestContext>: RouterMiddleware {
    private let assets: LiveTable
    private let metrics: ResponseMetrics

    /// Middleware that uses the table of `assets` that is current at each request.
    ///
    /// - Parameters:
    ///   - assets: the files.
    ///   - metrics: counts the responses, `static_assets_responses` by status; nil means the
    ///     current factory of the process.
    public init(_ assets: LiveTable, metrics: (any MetricsFactory)? = nil) {
      self.assets = assets
      self.metrics = ResponseMetrics(metrics ?? MetricsSystem.factory)
    }

    /// Responds to `request`, or passes it to `next`.
    ///
    /// - Throws: `FileError` when a file does not exist any more, for which Hummingbird sends 500,
    ///   and errors of `next`.
    public func handle(
      _ request: Request,
      context: Context,
      next: (Request, Context) async throws -> Response
    ) async throws -> Response {
      guard let parsed = ParsedRequest(request.head) else {
        return try await next(request, context)
      }
      if let response = try await respond(.file, parsed, request, context) { return response }
      let answer: Response
      do {
        answer = try await TemplateTable.keeping(assets) {
          try await answerOfApp(request, context, next)
        }
      } catch let error as any HTTPResponseError where error.status == .notFound {
        let own = try error.response(from: request, context: context)
        let turn = AnswerTurn.fallback(hasContent: own.hasContent)
        // The original error, so that other middleware can handle it.
        guard let page = try await respond(turn, parsed, request, context) else { throw error }
        return page
      }
      guard answer.status == .notFound else { return answer }
      let turn = AnswerTurn.fallback(hasContent: answer.hasContent)
      return try await respond(turn, parsed, request, context) ?? answer
    }

    /// The response of `next`; in development 500 if a template named a file that does not exist.
    private func answerOfApp(
      _ request: Request,
      _ context: Context,
      _ next: (Request, Context) async throws -> Response
    ) async throws -> Response {
      guard assets.isDevelopment else { return try await next(request, context) }
      let faults = TemplateFaults()
      let answer = try await TemplateFaults.$current.withValue(faults) {
        try await next(request, context)
      }
      return faults.response ?? answer
    }
  }

  /// The parts of `handle`, for middleware and routes with another order.
  extension StaticAssetsMiddleware {
    /// The response for a file, or a redirect; nil when the request belongs to the routes.
    ///
    /// - Throws: `FileError` when the file does not exist any more.
    public func fileResponse(to request: Request, context: Context) async throws -> Response? {
      guard let parsed = ParsedRequest(request.head) else { return nil }
      return try await respond(.file, parsed, request, context)
    }

    /// The response that replaces a 404 of the routes; nil when the 404 is to be sent.
    ///
    /// - Parameters:
    ///   - request: the request that the routes answered with 404.
    ///   - hasContent: whether the 404 has content: then only a page replaces it.
    ///   - context: the request's context.
    /// - Throws: `FileError` when the page does not exist any more.
    public func fallbackResponse(
      to request: Request,
      hasContent: Bool = false,
      context: Context
    ) async throws -> Response? {
      guard let parsed = ParsedRequest(request.head) else { return nil }
      return try await respond(.fallback(hasContent: hasContent), parsed, request, context)
    }

    /// The error page of `FileTable.Options.errorPages` for `status`; nil when there is none.
    public func page(for status: HTTPResponse.Status) -> Response? {
      let table = assets.current
      guard status.code > 0, let code = UInt16(exactly: status.code),
        let known = ResponseStatus(rawValue: code), let page = table.page(for: known)
      else { return nil }
      return PreparedResponse(page, of: table).response
    }
  }

  extension StaticAssetsMiddleware {
    /// The response for `turn`; nil when the table has none.
    private func respond(
      _ turn: AnswerTurn,
      _ parsed: ParsedRequest,
      _ request: Request,
      _ context: Context
    ) async throws -> Response? {
      let table = assets.current
      guard let prepared = turn.response(to: parsed, from: table) else { return nil }
      do {
        var response = try await prepared.response(to: parsed, of: table, context.logger)
        // Hummingbird closes the connection for exactly this value, but does not send `Connection:
        // close`.
        if request.headers[.connection] == "close" { response.headers[.connection] = "close" }
        metrics.count(response.status)
        RequestNotes(turn, request, table).write(response, to: context)
        return response
      } catch let error as FileError {
        context.logger.error("static file cannot be sent", metadata: ["error": "\(error)"])
        metrics.count(.internalServerError)
        throw error
      }
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
    /// Whether the app's response has content; a response to HEAD may have the `Content-Length` of
    /// GET.
    fileprivate var hasContent: Bool {
      body.contentLength != 0 || (headers[.contentLength] ?? "0") != "0"
    }
  }
#endif
