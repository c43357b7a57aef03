internal import StaticAssets

/// Files that the app names to be sent in the place of its own content, which it then need not read:
/// `X-Accel-Redirect` (nginx) and `X-Sendfile` (Apache, lighttpd).
///
/// Conditions and ranges are the file's, as for any other; fields of the app that say nothing of the
/// content go along. The unsafe part is a page in the memory of a table that lives as long.
extension EventLoop {
  /// Whether the response in `head` names a file, and may.
  func namesFile(_ head: AppResponseHead) -> Bool {
    guard let forwarder, !forwarder.namedFiles.isEmpty else { return false }
    return !head.fileURL.isEmpty || !head.filePath.isEmpty
  }

  /// Answers with the file that `head` names, which was parsed from `bytes`.
  ///
  /// - Parameter isWhole: whether nothing came behind the head.
  mutating func answerWithFile(
    _ exchange: ProxyExchange,
    _ head: AppResponseHead,
    _ bytes: Span<UInt8>,
    isWhole: Bool
  ) {
    let file: FileTable
    do throws(NamedFiles.Refusal) {
      file = try find(head, bytes)
    } catch {
      switch error {
      case .outside: fail(exchange, .badGateway)
      case .missing: fail(exchange, .notFound)
      case .exhausted: fail(exchange, .serviceUnavailable)
      }
      return
    }
    // Content that still comes is not waited for.
    let isReusable =
      head.keepsAlive && head.framing == .empty && isWhole && exchange.unsentToApp == 0
      && !exchange.stopsSending
    releaseApp(exchange, isReusable: isReusable)
    exchange.phase = .delivering
    exchange.deadline = .max
    if drainDeadline != nil { exchange.keepsAlive = false }
    let plan = plan(file, exchange)
    exchange.status = plan.status.rawValue
    exchange.bodyByteCount = plan.body.byteCount
    unsafe adder.add(Counter(status: plan.status.rawValue))
    writeHead(plan, of: file, head, bytes, exchange)
    send(plan.body, of: file, exchange)
  }

  private func find(
    _ head: AppResponseHead,
    _ bytes: Span<UInt8>
  ) throws(NamedFiles.Refusal) -> FileTable {
    guard let forwarder else { throw .outside }
    guard head.fileURL.isEmpty else {
      return try forwarder.namedFiles.file(at: head.fileURL, of: bytes, like: current)
    }
    return try forwarder.namedFiles.file(named: head.filePath, of: bytes, like: current)
  }

  /// What the client is answered; other methods than GET and HEAD ask for no part of a file.
  private func plan(_ file: FileTable, _ exchange: ProxyExchange) -> ResponsePlan {
    let bytes = exchange.headBytes
    switch exchange.head.method {
    case .get, .head: return file.planOnlyFile(for: exchange.head, in: bytes.span)
    case .options, .other: return file.planOnlyFile(for: RequestHead(), in: bytes.span)
    }
  }

  /// Sends what `output` holds and then `body`.
  private mutating func send(_ body: BodySource, of file: FileTable, _ exchange: ProxyExchange) {
    if case .memory(let slice) = body {
      unsafe output.append(file.baseAddress + Int(slice.offset), Int(slice.count))
    }
    push(exchange)
    guard !exchange.isOver else { return }
    if case .file(_, let offset, let count) = body, count > 0 {
      exchange.file = (file, offset..<(offset + count))
      drain(exchange)
    } else {
      finishIfDelivered(exchange)
    }
  }

  private mutating func writeHead(
    _ plan: ResponsePlan,
    of file: FileTable,
    _ head: AppResponseHead,
    _ bytes: Span<UInt8>,
    _ exchange: ProxyExchange
  ) {
    let own = file.withBytes(of: plan.head.bytes) { span in span.indices.map { span[$0] } }
    let statusLineByteCount = plan.head.statusLineByteCount
    if statusLineByteCount == 0 { appendStatusLine(plan.status) }
    output.append(Array(own[..<statusLineByteCount]))
    let hasContent = plan.status == .ok || plan.status == .partialContent
    var fields = FieldLineReader(at: statusLineByteCount)
    while case .line(let line) = fields.next(own.span) {
      let isReplaced =
        hasContent && head.hasContentType && own.span.spells("content-type", in: line.name)
      if !isReplaced { append(line, own.span) }
    }
    writeFields(head, bytes, .besideFile(hasContent: hasContent), for: exchange)
    appendRangeFields(plan)
    writeTail(head, for: exchange)
  }

  private mutating func append(_ line: FieldLineReader.Line, _ bytes: Span<UInt8>) {
    output.append(bytes, line.whole)
    output.append("\r\n")
  }
}
