/// Responses around those of an app: files before, and pages for what it has left.
extension FileTable {
  /// The response that comes before the app's; nil when the app is to be asked: `planBeforeApp`,
  /// converted.
  public func fileResponse(to request: ParsedRequest) -> PlainResponse? {
    planBeforeApp(for: request.head, in: request.bytes.span).map { plan in
      PlainResponse(plan, of: self, to: request)
    }
  }

  /// The response that takes the place of an app's 404; nil when the 404 is to be sent:
  /// `planAfterApp`, converted.
  ///
  /// - Parameters:
  ///   - request: the request that the app has answered with 404.
  ///   - hasContent: whether the app's 404 has content.
  public func fallbackResponse(
    to request: ParsedRequest,
    hasContent: Bool = false
  ) -> PlainResponse? {
    planAfterApp(for: request.head, in: request.bytes.span, hasContent: hasContent).map { plan in
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
