internal import Synchronization

/// Responses in a framework's own terms, made once.
extension FileTable {
  /// The answer to a request that a framework has parsed, as `prepare` makes it of the plain one, or
  /// nil when its target is nothing of this table's.
  ///
  /// What many requests get, such as the whole of a file, is prepared for the first of them and
  /// kept as long as the table: at most three responses for each form of a file (GET, HEAD, 304).
  /// Ranges and redirects are prepared each time.
  ///
  /// - Parameters:
  ///   - request: the request.
  ///   - prepare: depends on nothing but the response it is given, and keeps no reference to the
  ///     table, which would never go. Of threads that prepare one response at the same time each
  ///     gets its own.
  public func response<Prepared: AnyObject & Sendable>(
    to request: ParsedRequest,
    preparedBy prepare: (PlainResponse) -> Prepared
  ) -> Prepared? {
    guard let plan = plan(for: request.head, in: request.bytes.span) else { return nil }
    guard let key = PreparedResponseKey(plan, Prepared.self) else {
      return prepare(PlainResponse(plan, of: self, to: request))
    }
    if let kept = preparedResponses.withLock({ $0[key] }) as? Prepared { return kept }
    let prepared = prepare(PlainResponse(plan, of: self, to: request))
    preparedResponses.withLock { $0[key] = prepared }
    return prepared
  }
}

/// What tells one prepared response of a table from the others.
struct PreparedResponseKey: Hashable {
  /// The class it is prepared as.
  private let type: ObjectIdentifier
  /// Where its head begins, which no other response's does.
  private let head: UInt32
  /// Whether its body is left out, as for HEAD.
  private let isHeadAlone: Bool

  /// - Returns: nil when the response differs from request to request.
  init?(_ plan: ResponsePlan, _ type: (some AnyObject).Type) {
    guard plan.completion == .none else { return nil }
    if case .parts = plan.body { return nil }
    self.type = ObjectIdentifier(type)
    head = plan.head.bytes.offset
    isHeadAlone = plan.body == .none
  }
}
