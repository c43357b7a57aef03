internal import Synchronization

/// Responses converted to a framework's types once.
extension FileTable {
  /// The response to a request that a framework has parsed, converted by `prepare`; nil when the
  /// request belongs to the app, see `plan`.
  ///
  /// A response that does not depend on the request, such as the whole of a file, is converted for
  /// the first request and kept as long as the table: at most three for each representation (GET,
  /// HEAD, 304). Ranges and redirects are converted for each request.
  ///
  /// - Parameters:
  ///   - request: the request.
  ///   - prepare: converts a response. Its result must depend on the argument only, and must not
  ///     refer to the table: a reference cycle would keep both. Threads that convert the same
  ///     response at the same time each use their own result.
  public func response<Prepared: AnyObject & Sendable>(
    to request: ParsedRequest,
    preparedBy prepare: (PlainResponse) -> Prepared
  ) -> Prepared? {
    guard let plan = plan(for: request.head, in: request.bytes.span) else { return nil }
    return prepared(plan, request, prepare)
  }

  /// The page instead of an app's 404, converted by `prepare`; nil when the 404 is to be sent, see
  /// `planAfterApp`.
  ///
  /// - Parameters:
  ///   - request: the request that the app has answered with 404.
  ///   - prepare: as for `response(to:preparedBy:)`.
  package func responseAfterApp<Prepared: AnyObject & Sendable>(
    to request: ParsedRequest,
    preparedBy prepare: (PlainResponse) -> Prepared
  ) -> Prepared? {
    guard let plan = planAfterApp(for: request.head, in: request.bytes.span) else { return nil }
    return prepared(plan, request, prepare)
  }

  private func prepared<Prepared: AnyObject & Sendable>(
    _ plan: ResponsePlan,
    _ request: ParsedRequest,
    _ prepare: (PlainResponse) -> Prepared
  ) -> Prepared {
    guard let key = PreparedResponseKey(plan, Prepared.self) else {
      return prepare(PlainResponse(plan, of: self, to: request))
    }
    if let kept = preparedResponses.withLock({ $0[key] }) as? Prepared { return kept }
    let prepared = prepare(PlainResponse(plan, of: self, to: request))
    preparedResponses.withLock { $0[key] = prepared }
    return prepared
  }
}

/// Identifies a prepared response of a table.
struct PreparedResponseKey: Hashable {
  /// The class of the prepared response.
  private let type: ObjectIdentifier
  /// The offset of the head, unique to a response.
  private let head: UInt32
  /// Whether the body is missing, as for HEAD.
  private let lacksBody: Bool

  /// - Returns: nil when the response depends on the request.
  init?(_ plan: ResponsePlan, _ type: (some AnyObject).Type) {
    guard plan.completion == .none else { return nil }
    if case .parts = plan.body { return nil }
    self.type = ObjectIdentifier(type)
    head = plan.head.bytes.offset
    lacksBody = plan.body == .none
  }
}
