#if HTTPTypes
  public import HTTPTypes
  public import StaticAssets

  /// Answers the requests of any framework that uses swift-http-types, as `staticd serve` does.
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
  /// The framework adds `Date`, and `Connection` where the protocol has it; it sends the body of
  /// `response.body` for HEAD too, which is empty then. When the body throws, the file has changed or
  /// cannot be read: the connection must end, or the stream be reset, because the head has announced
  /// more than was sent.
  ///
  /// Ask `response(to:)` before the app's routes: it answers for files. Ask `fallbackResponse(to:)` when they
  /// have answered 404, or `lastResponse(to:)` when they have not answered.
  public struct StaticResponder<Chunk: Sendable>: Sendable {
    private let assets: LiveTable
    private let makeChunk: @Sendable ([UInt8]) -> Chunk

    /// Answers from the current table of `assets`, whichever that is when a request comes.
    ///
    /// - Parameters:
    ///   - assets: the files.
    ///   - makeChunk: converts bytes to what the framework sends. Called once for a body in memory,
    ///     and for each 128 KiB of a body that is read from its file. All responders of one `Chunk`
    ///     share what is converted, so it must depend on the argument only.
    public init(_ assets: LiveTable, chunk makeChunk: @escaping @Sendable ([UInt8]) -> Chunk) {
      self.assets = assets
      self.makeChunk = makeChunk
    }

    /// The response for a file, or a redirect; nil when the app's routes are to be asked.
    ///
    /// A file that cannot be opened is 500; one that was rewritten since the table was built is sent as it
    /// is now. A request for a file whose `Host` or framing is invalid is refused: close the connection
    /// behind a 400.
    public func response(to request: HTTPRequest) async -> StaticResponse<Chunk>? {
      guard let parsed = ParsedRequest(request) else { return nil }
      return await answer(parsed) { table in table.fileResponse(to: parsed) { prepare($0, table) } }
    }

    /// The response that takes the place of the app's 404; nil when that is to be sent.
    ///
    /// - Parameters:
    ///   - request: the request that the app has answered with 404.
    ///   - hasContent: whether the app's 404 has content: then only a page takes its place, and only for
    ///     clients that accept HTML.
    public func fallbackResponse(
      to request: HTTPRequest,
      hasContent: Bool = false
    ) async -> StaticResponse<Chunk>? {
      guard let parsed = ParsedRequest(request) else { return nil }
      return await answer(parsed) { table in
        table.fallbackResponse(to: parsed, hasContent: hasContent) { prepare($0, table) }
      }
    }

    /// The response to a request that neither files nor routes have answered: `fallbackResponse`, 204 for
    /// `OPTIONS *`, or 404.
    public func lastResponse(to request: HTTPRequest) async -> StaticResponse<Chunk> {
      let isHead = request.method == .head
      guard let parsed = ParsedRequest(request) else { return plainResponse(.badRequest, isHead) }
      if let status = parsed.refusal { return plainResponse(status, isHead) }
      if let response = await fallbackResponse(to: request) { return response }
      let table = assets.current
      let plan = table.planOutside(for: parsed.head, in: parsed.bytes.span)
      // A page of a single-page app is not for clients that do not accept HTML.
      if plan.status == .noContent || plan.status == .notFound {
        return response(prepare(PlainResponse(plan, of: table, to: parsed), table), nil)
      }
      return page(for: .notFound, to: request) ?? plainResponse(.notFound, isHead)
    }

    /// The operator's error page for a status of the app; nil when there is none.
    ///
    /// - Parameters:
    ///   - status: the status of the app's response.
    ///   - request: the request, for one with the method HEAD gets no body.
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

    /// The response that `respond` has for `request`, with its file open.
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
      // A file that has changed since the table was built has another response.
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
        body: StaticBody(isHead ? [] : [.chunk(makeChunk(text))], Int64(text.count), nil, makeChunk)
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
