/// Requests that are forwarded to the app, and its 404 responses.
extension FileTable {
  /// Whether there is a fallback that replaces an app's 404.
  package var hasLastPage: Bool {
    var hasPage = routes.plainPage?.order == .afterApp
    for number in 0..<routes.pages.count {
      hasPage = hasPage || routes.pages[number].order == .afterApp
    }
    return hasPage
  }

  /// The index in `Options.upstreamPaths` of the app for a request for which `plan` is nil; nil
  /// when no app has the path.
  ///
  /// The longest path decides. `OPTIONS *` concerns the server itself and is never forwarded.
  ///
  /// - Parameters:
  ///   - head: a parsed request.
  ///   - bytes: the buffer that `head` was parsed from.
  package func upstream(for head: RequestHead, in bytes: Span<UInt8>) -> Int? {
    guard !head.isForServer(bytes) else { return nil }
    guard routes.upstreams.count > 0 else {
      return routes.plainUpstream >= 0 ? routes.plainUpstream : nil
    }
    let decided = withPath(of: head, in: bytes) { path, range in upstream(path, range) }
    let number = decided ?? upstream(bytes, head.path.range)
    return number >= 0 ? number : nil
  }

  /// The fallback instead of the 404 of an app; nil when the 404 is to be sent.
  ///
  /// Sent for GET and HEAD if the client accepts HTML, as browsers do when they navigate.
  ///
  /// - Parameters:
  ///   - head: the request that the app answered with 404.
  ///   - bytes: the buffer that `head` was parsed from.
  package func planFallback(for head: RequestHead, in bytes: Span<UInt8>) -> ResponsePlan? {
    Self.acceptsHTML(head, in: bytes) ? planLastPage(head, in: bytes) : nil
  }

  /// The fallback for a request that neither the table nor an app has answered.
  @inline(never)
  func planLastPage(_ head: RequestHead, in bytes: Span<UInt8>) -> ResponsePlan? {
    guard hasLastPage else { return nil }
    let number = withPath(of: head, in: bytes) { path, range in lastPage(head, path, range) }
    guard let number, let entry = page(number)?.entry else { return nil }
    let plan = plan(for: head, in: bytes, entry)
    guard case .parts = plan.body else { return plan }
    // A request for several ranges gets the whole page, which RFC 9110 §14.2 always allows.
    return self.plan(for: RequestHead(), in: bytes, entry)
  }

  /// The index of the fallback that follows the app for a path; negative for none.
  private func lastPage(_ head: RequestHead, _ path: Span<UInt8>, _ range: Range<Int>) -> Int {
    guard isPageRequest(head, path, range) else { return -1 }
    switch owner(path, range) {
    case .page(let number): return number
    case .rest(isPublic: true): return routes.plainPage?.number ?? -1
    case .app, .root, .upstream, .rest: return -1
    }
  }

  /// The index of the app with the longest matching path; negative for none.
  func upstream(_ path: Span<UInt8>, _ range: Range<Int>) -> Int {
    for number in 0..<routes.upstreams.count
    where arena.covers(routes.upstreams[number].prefix, path, range) {
      return routes.upstreams[number].number
    }
    return routes.plainUpstream
  }

  /// The fallback with the index `number` in `Options.fallbacks`.
  func page(_ number: Int) -> Routes.Page? {
    if let page = routes.plainPage, page.number == number { return page }
    for index in 0..<routes.pages.count where routes.pages[index].number == number {
      return routes.pages[index]
    }
    return nil
  }

  /// Whether a fallback may answer a request: GET or HEAD for a path that may be a page's.
  func isPageRequest(_ head: RequestHead, _ path: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard head.method == .get || head.method == .head else { return false }
    var previous = UInt8(ascii: "/")
    for index in range {
      if previous == UInt8(ascii: "/"), path[index] == UInt8(ascii: ".") { return false }
      previous = path[index]
    }
    return !routes.extensions.hasKnownName(path, range)
  }

  /// Calls `body` with the path of a request, percent-decoded; nil if it cannot be decoded.
  package func withPath<Result>(
    of head: RequestHead,
    in bytes: Span<UInt8>,
    _ body: (Span<UInt8>, Range<Int>) -> Result
  ) -> Result? {
    let path = head.path.range
    guard bytes.firstIndex(of: UInt8(ascii: "%"), in: path) < path.upperBound else {
      return body(bytes, path)
    }
    var decoded = DecodedPath()
    guard decoded.decode(bytes, path) else { return nil }
    return body(decoded.bytes.span, 0..<decoded.count)
  }

  /// Whether `Accept` lists an HTML type with a weight above zero.
  static func acceptsHTML(_ head: RequestHead, in bytes: Span<UInt8>) -> Bool {
    var accepts = false
    head.forEachValue(of: "accept", in: bytes) { value in
      var items = ListItems(value.range)
      while let item = items.next(bytes) {
        var end = item.lowerBound
        while end < item.upperBound, bytes[end] != UInt8(ascii: ";"), !bytes[end].isOptionalSpace {
          end &+= 1
        }
        let isHTML =
          bytes.equals("text/html", in: item.lowerBound..<end)
          || bytes.equals("application/xhtml+xml", in: item.lowerBound..<end)
        let weight = QualityValue.parse(bytes, end..<item.upperBound) ?? 1000
        accepts = accepts || isHTML && weight > 0
      }
    }
    return accepts
  }
}

extension FileTable {
  /// `text`, a URL path, percent-decoded as in options; nil if its encoding is malformed or the
  /// result is not UTF-8.
  package static func decodedPath(_ text: String) -> String? {
    var decoded = DecodedPath()
    let bytes = Array(text.utf8)
    guard decoded.decode(bytes.span, 0..<bytes.count) else { return nil }
    return String(validating: (0..<decoded.count).map { decoded.bytes[$0] }, as: UTF8.self)
  }
}
