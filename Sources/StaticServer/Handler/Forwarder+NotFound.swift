internal import StaticAssets

/// Requests that a handler has declined.
extension Forwarder {
  /// Sends the fallback of the table, else its error page for 404, else a short text.
  mutating func answerForNobody(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    releaseHandler(&exchange, cancelling: false)
    releaseApp(&exchange, isReusable: false, &wake)
    beginDelivering(&exchange)
    if wake.isDraining { exchange.keepsAlive = false }
    let page = pageInstead(of: exchange) ?? errorPage(for: exchange)
    exchange.response.status = page?.plan.status.rawValue ?? ResponseStatus.notFound.rawValue
    exchange.response.bodyByteCount = page?.plan.body.byteCount ?? 0
    count(exchange.response.status)
    guard let page else {
      writeError(.notFound, for: &exchange, &clients, &wake)
      push(&exchange, &clients, &wake)
      finishIfDelivered(&exchange, &clients, &wake)
      return
    }
    writeHead(page.plan, of: page.table, for: exchange, &wake)
    send(page.plan, of: page.table, &exchange, &clients, &wake)
  }

  /// The operator's error page for 404; nil if there is none.
  private func errorPage(for exchange: borrowing Exchange) -> Page? {
    let method: RequestMethod = exchange.request.isHead ? .head : .get
    return table.errorPage(for: .notFound, method).map { Page(plan: $0, table: table) }
  }
}
