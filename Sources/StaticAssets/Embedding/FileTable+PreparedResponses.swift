internal import Synchronization

/// Responses converted to a framework's types once.
extension FileTable {
  /// The response to a request that a framework has parsed, converted by `prepare`; nil when the
  /// request belongs to the app, as for `response(to:)`.
  ///
  /// A response that does not depend on the request, such as the whole of a file, is converted for
  /// the first request and kept as long as the table: at most three for each representation (GET,
  /// HEAD, 304). Ranges and redirects are converted for each request. Takes no lock.
  ///
  /// - Parameters:
  ///   - request: the request.
  ///   - prepare: converts a response. Its result must depend on the argument only, and must not
  ///     refer to the table: a reference cycle would keep both. Threads that convert the same
  ///     response at the same time all use the result of one of them.
  public func response<Prepared: AnyObject & Sendable>(
    to request: ParsedRequest,
    preparedBy prepare: (PlainResponse) -> Prepared
  ) -> Prepared? {
    prepared(plan(for: request.head, in: request.bytes.span), request, prepare)
  }

  /// The response that takes precedence over the app, converted by `prepare`; nil when the request
  /// belongs to the app, as for `fileResponse(to:)`.
  ///
  /// - Parameters:
  ///   - request: the request.
  ///   - prepare: as for `response(to:preparedBy:)`.
  public func fileResponse<Prepared: AnyObject & Sendable>(
    to request: ParsedRequest,
    preparedBy prepare: (PlainResponse) -> Prepared
  ) -> Prepared? {
    prepared(planBeforeApp(for: request.head, in: request.bytes.span), request, prepare)
  }

  /// The response that replaces an app's 404, converted by `prepare`; nil when the 404 is to be
  /// sent, as for `fallbackResponse(to:hasContent:)`.
  ///
  /// - Parameters:
  ///   - request: the request that the app answered with 404.
  ///   - hasContent: whether the app's 404 has content.
  ///   - prepare: as for `response(to:preparedBy:)`.
  package func fallbackResponse<Prepared: AnyObject & Sendable>(
    to request: ParsedRequest,
    hasContent: Bool = false,
    preparedBy prepare: (PlainResponse) -> Prepared
  ) -> Prepared? {
    let plan = planAfterApp(for: request.head, in: request.bytes.span, hasContent: hasContent)
    return prepared(plan, request, prepare)
  }

  private func prepared<Prepared: AnyObject & Sendable>(
    _ plan: ResponsePlan?,
    _ request: ParsedRequest,
    _ prepare: (PlainResponse) -> Prepared
  ) -> Prepared? {
    guard let plan else { return nil }
    func convert() -> Prepared { prepare(PlainResponse(plan, of: self, to: request)) }
    guard let key = PreparedResponseKey(plan, Prepared.self) else { return convert() }
    return responsesOfAdapters.value(for: key, preparedBy: convert)
  }

  /// Created on first use by an adapter: `StaticServer` does not need it.
  private var responsesOfAdapters: PreparedResponses {
    if let made = preparedResponses.load() { return made }
    // For each representation the responses to GET and HEAD and the 304; and the responses without
    // a file.
    return preparedResponses.storeIfNil(PreparedResponses(count: 3 * representations.count + 64))
  }
}
