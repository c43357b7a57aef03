/// The order where the table and an app share URL paths: files, then the app, then pages.
extension FileTable {
  /// The response that takes precedence over the app; nil when the request belongs to the app.
  ///
  /// These are files requested with GET or HEAD, redirects, and requests that must be rejected. The
  /// table cannot know the app's routes, so the app takes precedence over 404, 405, the response to
  /// OPTIONS and every fallback, whatever its `order`. If the app responds with 404, `planAfterApp`
  /// returns them.
  ///
  /// - Parameters:
  ///   - head: a parsed request.
  ///   - bytes: the buffer that `head` was parsed from.
  package func planBeforeApp(for head: RequestHead, in bytes: Span<UInt8>) -> ResponsePlan? {
    guard let plan = plan(for: head, in: bytes), !isLeftToApp(plan, head, in: bytes) else {
      return nil
    }
    return plan
  }

  /// The response that replaces an app's 404; nil when the 404 is to be sent.
  ///
  /// - A fallback after the app is sent for GET and HEAD if the client accepts HTML, as browsers do
  ///   when they navigate. A fallback before the app is sent to other clients, too, unless the
  ///   app's 404 has content.
  /// - Missing files of a collected root get 404 with `Cache-Control: no-store`, and methods other
  ///   than those of files 405, unless the app's 404 has content.
  /// - The error page for 404 is sent for all directories, if the client accepts HTML.
  ///
  /// - Parameters:
  ///   - head: the request that the app answered with 404.
  ///   - bytes: the buffer that `head` was parsed from.
  ///   - hasContent: whether the app's 404 has content, which may matter to clients that do not
  ///     accept HTML: they get it.
  package func planAfterApp(
    for head: RequestHead,
    in bytes: Span<UInt8>,
    hasContent: Bool = false
  ) -> ResponsePlan? {
    let left = plan(for: head, in: bytes)
    // A plan that takes precedence over the app is not replaced by a page.
    if let left, !isLeftToApp(left, head, in: bytes) { return left }
    let acceptsHTML = Self.acceptsHTML(head, in: bytes)
    if acceptsHTML, let page = planLastPage(head, in: bytes) { return page }
    guard let left else {
      return acceptsHTML ? planErrorPage(head, in: bytes) : nil
    }
    guard hasContent else { return left }
    switch left.status {
    case .methodNotAllowed, .noContent: return nil
    case .notFound: return (acceptsHTML && options.errorPages[.notFound] != nil) ? left : nil
    default: return acceptsHTML ? left : nil
    }
  }

  /// The error page for a missing file of a public mount.
  private func planErrorPage(_ head: RequestHead, in bytes: Span<UInt8>) -> ResponsePlan? {
    guard options.errorPages[.notFound] != nil, head.method == .get || head.method == .head else {
      return nil
    }
    let owner = withPath(of: head, in: bytes) { path, range in self.owner(path, range) }
    guard owner == .rest(isPublic: true) else { return nil }
    return fixed.notFound.answering(head.method)
  }

  /// Whether the app takes precedence over `plan`, the response to the request.
  @inline(always)
  private func isLeftToApp(
    _ plan: ResponsePlan,
    _ head: RequestHead,
    in bytes: Span<UInt8>
  ) -> Bool {
    switch plan.status {
    case .notFound, .methodNotAllowed, .noContent: true
    case .ok, .partialContent, .notModified, .preconditionFailed, .rangeNotSatisfiable:
      hasFirstPage && isPage(head, in: bytes)
    default: false
    }
  }

  /// Whether a fallback takes precedence over an app.
  private var hasFirstPage: Bool {
    var hasPage = routes.plainPage?.order == .beforeApp
    for number in 0..<routes.pages.count {
      hasPage = hasPage || routes.pages[number].order == .beforeApp
    }
    return hasPage
  }

  /// Whether the response to a request is a fallback, not a file.
  private func isPage(_ head: RequestHead, in bytes: Span<UInt8>) -> Bool {
    let isPage = withPath(of: head, in: bytes) { path, range in
      entry(at: path, range) == nil && entry(hashed: range.map { path[$0] }) == nil
    }
    return isPage ?? false
  }
}
