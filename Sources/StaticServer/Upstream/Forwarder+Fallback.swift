internal import StaticAssets

/// The fallback, sent instead of the app's 404.
extension Forwarder {
  /// A page and its table.
  struct Page {
    let plan: ResponsePlan
    let table: FileTable
  }

  /// The page to send instead of the app's 404; nil when the 404 is to be sent.
  func pageInstead(of exchange: borrowing Exchange) -> Page? {
    guard table.hasLastPage, !exchange.headBytes.isEmpty else { return nil }
    let bytes = exchange.headBytes
    guard let plan = table.planFallback(for: exchange.head, in: bytes.span) else { return nil }
    guard let number = table.storedFile(of: plan), !table.isCurrent(file: number) else {
      return Page(plan: plan, table: table)
    }
    // The page has changed since the table was built.
    guard let changed = try? table.tableOfChangedFile(number, plan.coding) else { return nil }
    let own = changed.planOnlyFile(for: exchange.head, in: bytes.span)
    return Page(plan: own, table: changed)
  }

  /// Sends `page`; the app's response, which begins with `head`, is dropped.
  ///
  /// - Parameter restByteCount: the number of received bytes after the head.
  mutating func answer(
    with page: Page,
    _ exchange: inout Exchange,
    _ head: UpstreamResponseHead,
    restByteCount: Int,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    let isReusable = mayReuse(exchange, head, restByteCount: restByteCount)
    releaseApp(&exchange, isReusable: isReusable, &wake)
    beginDelivering(&exchange)
    if wake.isDraining { exchange.keepsAlive = false }
    exchange.response.status = page.plan.status.rawValue
    exchange.response.bodyByteCount = page.plan.body.byteCount
    unsafe adder.add(Counter(status: page.plan.status.rawValue))
    writeHead(page.plan, of: page.table, for: exchange, &wake)
    send(page.plan, of: page.table, &exchange, &clients, &wake)
  }

  /// Whether the connection can be reused although the response that begins with `head` is dropped.
  func mayReuse(
    _ exchange: borrowing Exchange,
    _ head: UpstreamResponseHead,
    restByteCount: Int
  ) -> Bool {
    let isWhole: Bool
    switch head.framing {
    case .empty: isWhole = restByteCount == 0
    case .length(let count): isWhole = Int64(restByteCount) == count
    case .chunked, .untilClose: isWhole = false
    }
    let outcome = ReusePolicy.Outcome(
      trailingByteCount: 0,
      unsentByteCount: exchange.unsentToApp,
      stopsSending: exchange.upstream.stopsSending,
      isOfOneClient: apps[exchange.app].sendsProxyProtocol
    )
    return isWhole && ReusePolicy.mayReuse(head.ending, outcome)
  }
}
