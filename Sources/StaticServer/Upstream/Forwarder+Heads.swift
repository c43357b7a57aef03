internal import CLinux
internal import StaticAssets

/// Writes the heads for the client of a forwarded request to `wake.output`.
///
/// Field lines are copied unchanged, so a head grows by at most the lines added here: about 800
/// bytes.
extension Forwarder {
  /// Writes the head of a final response.
  func writeHead(
    _ head: UpstreamResponseHead,
    _ bytes: Span<UInt8>,
    for exchange: borrowing Exchange,
    _ wake: inout Wake
  ) {
    writeStatusLine(head, bytes, &wake)
    let selection: ForwardedResponseFields.Selection =
      exchange.response.passesTrailers ? .allAndTrailer : .all
    writeFields(head, bytes, selection, for: exchange, &wake)
    if let length = head.contentLength, head.status != 204 {
      wake.output.append("Content-Length: ")
      wake.output.append(decimal: length)
      wake.output.append("\r\n")
    } else if exchange.response.sendsChunks || (exchange.request.isHead && head.isChunked) {
      if !exchange.request.isVersion10 { wake.output.append("Transfer-Encoding: chunked\r\n") }
    }
    writeSuffix(head, for: exchange, &wake)
  }

  /// Writes the end of a final head: `Date`, unless the app has sent it, and `Connection`.
  func writeSuffix(
    _ head: UpstreamResponseHead,
    for exchange: borrowing Exchange,
    _ wake: inout Wake
  ) {
    let suffix = suffix(of: exchange)
    guard head.hasDate else {
      let (start, count) = unsafe wake.suffixes.bytes(of: suffix)
      unsafe wake.output.append(start, count)
      return
    }
    wake.output.append(suffix.connectionField)
    wake.output.append("\r\n")
  }

  /// Writes the head of an interim response.
  func writeInterimHead(_ head: UpstreamResponseHead, _ bytes: Span<UInt8>, _ wake: inout Wake) {
    writeStatusLine(head, bytes, &wake)
    _ = ForwardedResponseFields.append(head, bytes, to: &wake.output)
    wake.output.append("\r\n")
  }

  /// Writes the head of a 101 response, which switches the protocol.
  func writeUpgradeHead(
    _ head: UpstreamResponseHead,
    _ bytes: Span<UInt8>,
    for exchange: borrowing Exchange,
    _ wake: inout Wake
  ) {
    writeStatusLine(head, bytes, &wake)
    writeFields(head, bytes, for: exchange, &wake)
    wake.output.append("Connection: upgrade\r\nUpgrade: ")
    wake.output.append(bytes, head.upgrade)
    wake.output.append("\r\n\r\n")
  }

  /// Writes the head of `plan`, a plan of `table` that replaces the app's response.
  func writeHead(
    _ plan: ResponsePlan,
    of table: FileTable,
    for exchange: borrowing Exchange,
    _ wake: inout Wake
  ) {
    if plan.head.statusLineByteCount == 0 { wake.output.append(statusLine: plan.status) }
    wake.output.append(
      table.withBytes(of: plan.head.bytes) { span in span.indices.map { span[$0] } }
    )
    wake.output.append(rangeFieldsOf: plan)
    writeOurFields(exchange, &wake)
    let (start, count) = unsafe wake.suffixes.bytes(of: suffix(of: exchange))
    unsafe wake.output.append(start, count)
  }

  /// Writes an error response with its body: the configured page, or a small one.
  mutating func writeError(
    _ status: ResponseStatus,
    for exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    if let page = table.appPage(for: status), case .memory(let body) = page.body {
      let head = table.withBytes(of: page.head.bytes) { span in span.indices.map { span[$0] } }
      let content = table.withBytes(of: body) { span in span.indices.map { span[$0] } }
      write(head, content, for: &exchange, &clients, &wake)
      return
    }
    let format: ErrorResponse.Format = exchange.request.wantsJSON ? .json : .html
    let response = ErrorResponse(status, format, isHead: exchange.request.isHead)
    write(response.head, response.body, for: &exchange, &clients, &wake)
  }

  private mutating func write(
    _ head: [UInt8],
    _ body: [UInt8],
    for exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    wake.output.append(head)
    writeOurFields(exchange, &wake)
    let (start, count) = unsafe wake.suffixes.bytes(of: suffix(of: exchange))
    unsafe wake.output.append(start, count)
    guard !exchange.request.isHead else { return }
    exchange.response.bodyByteCount = Int64(body.count)
    // A page can be as large as the buffer.
    if wake.output.room < body.count { push(&exchange, &clients, &wake) }
    if !exchange.isOver { wake.output.append(body) }
  }

  private func suffix(of exchange: borrowing Exchange) -> HeadSuffix {
    guard exchange.keepsAlive else { return .close }
    return exchange.request.isVersion10 ? .keepAliveVersion10 : .keepAlive
  }

  private func writeStatusLine(
    _ head: UpstreamResponseHead,
    _ bytes: Span<UInt8>,
    _ wake: inout Wake
  ) {
    wake.output.append("HTTP/1.1 ")
    wake.output.append(decimal: Int64(head.status))
    wake.output.append(UInt8(ascii: " "))
    wake.output.append(bytes, head.reason)
    wake.output.append("\r\n")
  }

  /// Writes the app's fields for the client, and those of this server.
  func writeFields(
    _ head: UpstreamResponseHead,
    _ bytes: Span<UInt8>,
    _ selection: ForwardedResponseFields.Selection = .all,
    for exchange: borrowing Exchange,
    _ wake: inout Wake
  ) {
    let told = ForwardedResponseFields.append(head, bytes, selection, to: &wake.output)
    let milliseconds = exchange.peers.isOfFile ? -1 : wake.now - exchange.askTime
    writeOurFields(exchange, beside: told, appMilliseconds: milliseconds, &wake)
  }

  /// Writes the fields of this server, except those that the app has sent.
  private func writeOurFields(
    _ exchange: borrowing Exchange,
    beside told: ForwardedResponseFields.Told = .init(),
    appMilliseconds: Int64 = -1,
    _ wake: inout Wake
  ) {
    let addition = ForwardedResponseFields.Addition(
      identifier: exchange.origin.identifier,
      isSecure: exchange.origin.isSecure,
      appMilliseconds: appMilliseconds
    )
    let appHead = exchange.appHead
    var told = told
    // The responses for a file must be the same from every replica.
    if exchange.peers.isOfFile { told.identifier = true }
    ForwardedResponseFields.appendOurs(
      beside: told,
      addition,
      appHead.span,
      policy,
      to: &wake.output
    )
  }
}
