#if HTTPTypes
  public import HTTPTypes
  public import StaticAssets

  /// Serves static files for any framework that uses swift-http-types, like `staticd serve`.
  ///
  /// ```swift
  /// let responder = StaticResponder(assets) { ByteBuffer(bytes: $0) }
  ///
  /// if let response = await responder.response(to: request) {
  ///   try await writer.write(response.head)
  ///   for try await buffer in response.body { try await writer.write(buffer) }
  /// }
  /// ```
  ///
  /// The framework adds `Date`, and `Connection` if the protocol has it; it sends `response.body`
  /// for HEAD too, which is empty then. When iterating the body throws, the file has changed or
  /// cannot be read: close the connection, or reset the stream, because the head has announced more
  /// bytes than were sent.
  ///
  /// Call `response(to:)` before the app's routes: it returns the responses for files. Call
  /// `fallbackResponse(to:)` when they have responded with 404, or `lastResponse(to:)` when no
  /// route matched.
  public struct StaticResponder<Chunk: Sendable>: Sendable {
    private let assets: LiveTable
    private let makeChunk: @Sendable ([UInt8]) -> Chunk

    /// A responder that uses the table of `assets` that is current at each request.
    ///
    /// - Parameters:
    ///   - assets: the files.
    ///   - makeChunk: converts bytes to the framework's type. Called once for a body in memory, and
    ///     for each 128 KiB of a body that is read from its file. All responders with the same
    ///     `Chunk` share the converted responses, so the result must depend on the argument only.
    public init(_ assets: LiveTable, chunk makeChunk: @escaping @Sendable ([UInt8]) -> Chunk) {
      self.assets = assets
      self.makeChunk = makeChunk
    }

    /// The response for a file, or a redirect; nil when the request belongs to the app's routes.
    ///
    /// A file that cannot be opened gets 500; one that was rewritten since the table was built is
    /// sent in its current version. A request for a file with an invalid `Host` or framing is
    /// rejected: close the connection after a 400.
    public func response(to request: HTTPRequest) async -> StaticResponse<Chunk>? {
      guard let parsed = ParsedRequest(request) else { return nil }
      return await answer(parsed) { table in table.fileResponse(to: parsed) { prepare($0, table) } }
    }

    /// The response that replaces the app's 404; nil when the 404 is to be sent.
    ///
    /// - Parameters:
    ///   - request: the request that the app answered with 404.
    ///   - hasContent: whether the app's 404 has content: then only a page replaces it, and only
    ///     for clients that accept HTML.
    public func fallbackResponse(
      to request: HTTPRequest,
      hasContent: Bool = false
    ) async -> StaticResponse<Chunk>? {
      guard let parsed = ParsedRequest(request) else { return nil }
      return await answer(parsed) { table in
        table.fallbackResponse(to: parsed, hasContent: hasContent) { prepare($0, table) }
      }
    }

    /// The response to a request that matches neither files nor routes: `fallbackResponse`, 204 for
    /// `OPTIONS *`, or 404.
    public func lastResponse(to request: HTTPRequest) async -> StaticResponse<Chunk> {
      let isHead = request.method == .head
      guard let parsed = ParsedRequest(request) else { return plainResponse(.badRequest, isHead) }
      if let status = parsed.refusal { return plainResponse(status, isHead) }
      if let response = await fallbackResponse(to: request) { return response }
      let table = assets.current
      let plan = table.planOutside(for: parsed.head, in: parsed.bytes.span)
      // Only for clients that accept HTML, which `fallbackResponse` has checked, so a page of a
      // single-page app is not sent here.
      if plan.status == .noContent || plan.status == .notFound {
        return response(prepare(PlainResponse(plan, of: table, to: parsed), table), nil)
      }
      return page(for: .notFound, to: request) ?? plainResponse(.notFound, isHead)
    }

    /// The operator's error page for a status of the app; nil when there is none.
    ///
    /// - Parameters:
    ///   - status: the status of the app's response.
    ///   - request: the request; the response to a HEAD request has no body.
    public func page(
      for status: HTTPResponse.Status,
      to request: HTTPRequest? = nil
    ) -> StaticResponse<Chunk>? {
      let table = assets.current
      guard let code = UInt16(exactly: status.code), let known = ResponseStatus(rawValue: code),
        let page = table.page(for: known, to: request.flatMap { ParsedRequest($0) })
      else { return nil }
      return response(prepare(page, table), nil)
    }

    /// The response to `request` that `respond` returns, with its file open.
    private func answer(
      _ request: ParsedRequest,
      _ respond: @Sendable (FileTable) -> PreparedResponse<Chunk>?
    ) async -> StaticResponse<Chunk>? {
      let isHead = request.head.method == .head
      let table = assets.current
      guard let prepared = respond(table) else { return nil }
      if let status = request.refusal { return plainResponse(status, isHead) }
      guard let stored = prepared.stored else { return response(prepared, nil) }
      guard let opened = try? await open(stored, of: table, to: request) else {
        return plainResponse(.internalError, isHead)
      }
      // A file that has changed since the table was built gets another response.
      let isSame = opened.table === table
      return response(isSame ? prepared : prepare(opened.response, opened.table), opened.file)
    }

    /// `stored`, which is the response of `table` to `request`, with its file.
    private func open(
      _ stored: PlainResponse,
      of table: FileTable,
      to request: ParsedRequest
    ) async throws -> OpenedResponse {
      if let kept = table.openKept(stored) { return kept }
      return try await FileQueue.run { try table.open(stored, to: request) }
    }

    private func response(
      _ prepared: PreparedResponse<Chunk>,
      _ file: BodyFile?
    ) -> StaticResponse<Chunk> {
      StaticResponse(
        head: prepared.head,
        body: StaticBody(prepared.pieces, prepared.byteCount, file, makeChunk)
      )
    }

    private func plainResponse(_ status: ResponseStatus, _ isHead: Bool) -> StaticResponse<Chunk> {
      let text = Array("\(status.reason)\n".utf8)
      let fields: HTTPFields = [
        .contentType: "text/plain; charset=\"utf-8\"",
        .cacheControl: "no-store",
        .contentLength: "\(text.count)",
      ]
      return StaticResponse(
        head: HTTPResponse(status: .init(status), headerFields: fields),
        body: StaticBody(
          isHead ? [] : [.chunk(makeChunk(text))],
          isHead ? 0 : Int64(text.count),
          nil,
          makeChunk
        )
      )
    }

    private func prepare(_ plain: PlainResponse, _ table: FileTable) -> PreparedResponse<Chunk> {
      PreparedResponse(plain, of: table, makeChunk)
    }
  }

  /// A response, ready to be sent.
  public struct StaticResponse<Chunk: Sendable>: Sendable {
    /// The status and the fields, without `Date`.
    public let head: HTTPResponse
    /// The body; empty for HEAD and for statuses without one.
    public let body: StaticBody<Chunk>
  }
#endif
