/// Responses around those of an app: files before it, and pages instead of its 404.
extension FileTable {
  /// The response that takes precedence over the app: to GET and HEAD for a file, a redirect, or
  /// the refusal of an ambiguous path; nil when the app is to be asked.
  public func fileResponse(to request: ParsedRequest) -> PlainResponse? {
    planBeforeApp(for: request.head, in: request.bytes.span).map { plan in
      PlainResponse(plan, of: self, to: request)
    }
  }

  /// The response that replaces an app's 404: a page, the table's own 404 for a missing file, or
  /// 405 and 204 for other methods; nil when the app's 404 is to be sent.
  ///
  /// - Parameters:
  ///   - request: the request that the app answered with 404.
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
  ///   - status: the status of the app's response, or 404 for a request without a handler.
  ///   - request: the request; the response to a HEAD request has no body.
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
