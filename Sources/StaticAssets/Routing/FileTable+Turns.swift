/// Who answers first where the table and an app share URL paths: files, then the app, then pages.
extension FileTable {
  /// The response that comes before the app's; nil when the app is to be asked.
  ///
  /// These are files requested with GET or HEAD, redirects, and requests that must be refused. The
  /// app has routes that this table cannot know: it comes before 404, 405, the response to OPTIONS and
  /// every fallback, whatever its `order`. If it answers 404, `planAfterApp` has them.
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

  /// The response that takes the place of an app's 404; nil when the 404 is to be sent.
  ///
  /// - A fallback after the app answers GET and HEAD of clients that accept HTML, as browsers do when
  ///   they go to a page. One before the app answers the others, too, unless the app has said something.
  /// - Names that a collected root lacks are 404 with `Cache-Control: no-store`, and other methods than
  ///   those of files 405, unless the app has said something.
  /// - The error page for 404 answers for all directories, if the client accepts HTML.
  ///
  /// - Parameters:
  ///   - head: the request that the app has answered with 404.
  ///   - bytes: the buffer that `head` was parsed from.
  ///   - hasContent: whether the app's 404 has content: then it is kept for clients that do not
  ///     accept HTML, as it may tell them something.
  package func planAfterApp(
    for head: RequestHead,
    in bytes: Span<UInt8>,
    hasContent: Bool = false
  ) -> ResponsePlan? {
    let left = plan(for: head, in: bytes)
    // What comes before the app is no page's, whoever is asked first.
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

  /// The error page for a name that a public mount lacks.
  private func planErrorPage(_ head: RequestHead, in bytes: Span<UInt8>) -> ResponsePlan? {
    guard options.errorPages[.notFound] != nil, head.method == .get || head.method == .head else {
      return nil
    }
    let owner = withPath(of: head, in: bytes) { path, range in self.owner(path, range) }
    guard owner == .rest(isPublic: true) else { return nil }
    return fixed.notFound.answering(head.method)
  }

  /// Whether `plan`, which is the response to a request, comes after the app.
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

  /// Whether the page of a fallback comes before an app.
  private var hasFirstPage: Bool {
    var hasPage = routes.plainPage?.order == .beforeApp
    for number in 0..<routes.pages.count {
      hasPage = hasPage || routes.pages[number].order == .beforeApp
    }
    return hasPage
  }

  /// Whether the response to a request is not that of a file.
  private func isPage(_ head: RequestHead, in bytes: Span<UInt8>) -> Bool {
    let isPage = withPath(of: head, in: bytes) { path, range in
      entry(at: path, range) == nil && entry(hashed: range.map { path[$0] }) == nil
    }
    return isPage ?? false
  }
}
