internal import StaticAssets

/// Files that the app selects instead of sending content: `X-Accel-Redirect` and `X-Sendfile`.
///
/// The first is nginx's field, the second that of Apache and lighttpd. Conditions and ranges apply
/// to the file. The app's fields that do not describe the content are passed on. The unsafe part is
/// a page in the memory of a table, which outlives the call.
extension Forwarder {
  /// Whether the response in `head` selects a file and directories of files are configured.
  func namesFile(_ head: UpstreamResponseHead) -> Bool {
    guard !namedFiles.isEmpty else { return false }
    return !head.fileURL.isEmpty || !head.filePath.isEmpty
  }

  /// Sends the file that `head`, which was parsed from `bytes`, selects.
  ///
  /// - Parameter isWhole: whether no byte was received behind the head.
  mutating func answerWithFile(
    _ exchange: inout Exchange,
    _ head: UpstreamResponseHead,
    _ bytes: Span<UInt8>,
    isWhole: Bool,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    let file: FileTable
    do throws(NamedFiles.Refusal) {
      file = try find(head, bytes)
    } catch {
      switch error {
      case .outside: fail(&exchange, .fileOutside, &clients, &wake)
      case .missing: fail(&exchange, .missingFile, &clients, &wake)
      case .exhausted: fail(&exchange, .exhausted, &clients, &wake)
      }
      return
    }
    // Further content of the app is not read.
    let outcome = ReusePolicy.Outcome(
      trailingByteCount: isWhole ? 0 : 1,
      unsentByteCount: exchange.unsentToApp,
      stopsSending: exchange.upstream.stopsSending,
      isOfOneClient: apps[exchange.app].sendsProxyProtocol
    )
    let isReusable = head.framing == .empty && ReusePolicy.mayReuse(head.ending, outcome)
    releaseApp(&exchange, isReusable: isReusable, &wake)
    beginDelivering(&exchange)
    if wake.isDraining { exchange.keepsAlive = false }
    let plan = Self.plan(file, exchange)
    exchange.response.status = plan.status.rawValue
    exchange.response.bodyByteCount = plan.body.byteCount
    count(plan.status.rawValue)
    writeHead(plan, of: file, head, bytes, exchange, &wake)
    send(plan, of: file, &exchange, &clients, &wake)
  }

  private func find(
    _ head: UpstreamResponseHead,
    _ bytes: Span<UInt8>
  ) throws(NamedFiles.Refusal) -> FileTable {
    guard head.fileURL.isEmpty else {
      return try namedFiles.file(at: head.fileURL, of: bytes, like: table)
    }
    return try namedFiles.file(named: head.filePath, of: bytes, like: table)
  }

  /// The response with the file; conditions and ranges apply only to GET and HEAD.
  private static func plan(_ file: FileTable, _ exchange: borrowing Exchange) -> ResponsePlan {
    let bytes = exchange.headBytes
    switch exchange.head.method {
    case .get, .head: return file.planOnlyFile(for: exchange.head, in: bytes.span)
    case .options, .other: return file.planOnlyFile(for: RequestHead(), in: bytes.span)
    }
  }

  /// Sends `wake.output`, which ends with the head of `plan`, and then its body.
  mutating func send(
    _ plan: ResponsePlan,
    of file: FileTable,
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    if case .memory(let slice) = plan.body {
      var rest = slice.range
      while !rest.isEmpty, !exchange.isOver {
        let count = min(rest.count, wake.output.room)
        unsafe wake.output.append(file.baseAddress + rest.lowerBound, count)
        rest = (rest.lowerBound + count)..<rest.upperBound
        // A page can be larger than the buffer.
        if !rest.isEmpty { push(&exchange, &clients, &wake) }
      }
    }
    push(&exchange, &clients, &wake)
    guard !exchange.isOver else { return }
    if case .file(let number, let offset, let count) = plan.body, count > 0 {
      exchange.sink.file = (file, number, offset..<(offset + count))
      sendToClient(&exchange, &clients, &wake)
    } else {
      finishIfDelivered(&exchange, &clients, &wake)
    }
  }

  private func writeHead(
    _ plan: ResponsePlan,
    of file: FileTable,
    _ head: UpstreamResponseHead,
    _ bytes: Span<UInt8>,
    _ exchange: borrowing Exchange,
    _ wake: inout Wake
  ) {
    let own = file.withBytes(of: plan.head.bytes) { span in span.indices.map { span[$0] } }
    let statusLineByteCount = plan.head.statusLineByteCount
    if statusLineByteCount == 0 { wake.output.append(statusLine: plan.status) }
    wake.output.append(Array(own[..<statusLineByteCount]))
    let hasContent = plan.status == .ok || plan.status == .partialContent
    var fields = FieldLineReader(at: statusLineByteCount)
    while case .line(let line) = fields.next(own.span) {
      let isReplaced =
        hasContent && head.hasContentType && own.span.spells("content-type", in: line.name)
      guard !isReplaced else { continue }
      wake.output.append(own.span, line.whole)
      wake.output.append("\r\n")
    }
    writeFields(head, bytes, .besideFile(hasContent: hasContent), for: exchange, &wake)
    wake.output.append(rangeFieldsOf: plan)
    writeSuffix(head, for: exchange, &wake)
  }
}
