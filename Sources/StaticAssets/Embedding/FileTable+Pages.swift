/// Pages for requests that the app has left.
///
/// A request is the app's first: ask for these when it has none, or answers 404.
extension FileTable {
  /// The page of a single-page app for a request that the app has left; nil when there is none for it.
  ///
  /// A fallback after the app answers GET and HEAD of clients that accept HTML, as browsers do when they
  /// go to a page, if the path may be a page's; see `Fallback`.
  public func fallbackResponse(to request: ParsedRequest) -> PlainResponse? {
    planAfterApp(for: request.head, in: request.bytes.span).map { plan in
      PlainResponse(plan, of: self, to: request)
    }
  }

  /// The operator's error page for `status`; nil when `Options.errorPages` has none.
  ///
  /// It has that status, and its body is in memory.
  ///
  /// - Parameters:
  ///   - status: the status of the app's response, or 404 for a request that nobody has answered.
  ///   - request: the request, for one with the method HEAD gets no body.
  public func page(
    for status: ResponseStatus,
    to request: ParsedRequest? = nil
  ) -> PlainResponse? {
    errorPage(for: status, request?.head.method ?? .get).map { PlainResponse($0, of: self) }
  }

  /// The plan of the operator's error page for `status`; nil when there is none.
  package func errorPage(for status: ResponseStatus, _ method: RequestMethod) -> ResponsePlan? {
    guard options.errorPages[status] != nil else { return nil }
    let plan: ResponsePlan? =
      switch status {
      case .notFound: fixed.notFound
      case .methodNotAllowed: fixed.methodNotAllowed
      case .preconditionFailed: fixed.preconditionFailed
      case .rangeNotSatisfiable: fixed.rangeNotSatisfiable
      default: appPage(for: status)
      }
    return plan?.answering(method)
  }
}
