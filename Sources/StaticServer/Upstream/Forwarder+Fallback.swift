internal import StaticAssets

/// The page of a single-page app, where the app has none.
extension Forwarder {
  /// The page to send instead of the app's 404; nil when the 404 is for the client.
  func pageInstead(of exchange: borrowing Exchange) -> ResponsePlan? {
    guard table.hasLastPage, !exchange.headBytes.isEmpty else { return nil }
    let bytes = exchange.headBytes
    return table.planAfterApp(for: exchange.head, in: bytes.span)
  }

  /// Answers with `page` of the table; the app's response, which begins with `head`, is dropped.
  ///
  /// - Parameter restByteCount: how many bytes of the response's content have come.
  mutating func answer(
    with page: ResponsePlan,
    _ exchange: inout Exchange,
    _ head: UpstreamResponseHead,
    restByteCount: Int,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
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
    let isReusable = isWhole && ReusePolicy.mayReuse(head.ending, outcome)
    releaseApp(&exchange, isReusable: isReusable, &wake)
    beginDelivering(&exchange)
    if wake.isDraining { exchange.keepsAlive = false }
    exchange.response.status = page.status.rawValue
    exchange.response.bodyByteCount = page.body.byteCount
    unsafe adder.add(Counter(status: page.status.rawValue))
    writeHead(page, for: exchange, &wake)
    send(page, of: table, &exchange, &clients, &wake)
  }
}
