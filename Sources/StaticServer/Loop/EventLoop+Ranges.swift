internal import CLinux
internal import StaticAssets

/// Sending parts of a file, and heads that differ from one request to the next.
///
/// The unsafe parts are as in sending whole files: addresses in `output`, in the date field or in
/// the table; what is allocated for a multipart is owned by its connection, or freed here.
extension EventLoop {
  /// Bytes of the longest `Content-Length` and `Content-Range` lines together.
  private static let rangeFieldsByteCountMax = 128
  /// Bytes of the longest status line that is not in a head.
  private static let statusLineByteCountMax = 64

  /// Appends the head of `plan`, which is to be completed, if there is room for it and `bodyCount`
  /// bytes more.
  @inline(never)
  mutating func appendCompletedHead(
    _ number: Int32,
    _ plan: ResponsePlan,
    _ tail: HeadTail,
    _ bytes: Span<UInt8>,
    bodyCount: Int
  ) -> Bool {
    var queryCount = 0
    if case .location(let query) = plan.completion { queryCount = Int(query.count) }
    let (tailStart, tailCount) = unsafe date.bytes(of: tail)
    let headCount = Int(plan.head.bytes.count)
    let rest = Self.statusLineByteCountMax + Self.rangeFieldsByteCountMax + tailCount + queryCount
    guard makeRoom(number, headCount + rest + bodyCount) else { return false }
    if plan.head.statusLineByteCount == 0 { appendStatusLine(plan.status) }
    unsafe output.append(tableStart + Int(plan.head.bytes.offset), headCount)
    appendRangeFields(plan)
    if case .location(let query) = plan.completion {
      output.append(bytes, query)
      output.append("\r\n")
    }
    unsafe output.append(tailStart, tailCount)
    return true
  }

  /// Appends what the head of `plan` lacks because the request asked for a part; there must be room.
  mutating func appendRangeFields(_ plan: ResponsePlan) {
    switch plan.completion {
    case .none, .location:
      break
    case .part(let offset, let total):
      let count = plan.body.byteCount
      output.append("Content-Length: ")
      output.append(decimal: count)
      output.append("\r\nContent-Range: bytes ")
      output.append(decimal: offset)
      output.append("-")
      output.append(decimal: offset + count - 1)
      output.append("/")
      output.append(decimal: total)
      output.append("\r\n")
    case .unsatisfied(let total):
      output.append("Content-Range: bytes */")
      output.append(decimal: total)
      output.append("\r\n")
    }
  }

  /// Sends several parts of a representation, as many as the client takes.
  @inline(never)
  mutating func deliverParts(
    _ number: Int32,
    _ representation: Int,
    _ tail: HeadTail,
    _ bytes: Span<UInt8>
  ) -> Delivery {
    flush(number)
    guard connections[number].state == .reading else { return .postponed }
    let response = unsafe table._withUnsafeGuaranteedRef {
      $0.multipart(of: representation, for: head, in: bytes)
    }
    multipartByteCount = response.byteCount
    var file: (descriptor: Int32, isKept: Bool) = (-1, true)
    if case .file(let stored, _, _) = response.parts[0].body {
      file = openFile(stored, for: number)
      guard file.descriptor >= 0 else {
        return reject(number, .internalError) ? .ended : .postponed
      }
    }
    var pending = unsafe pendingParts(response, tail, file)
    var sentCount: Int64 = 0
    let progress = unsafe PendingOutput.resume(&pending, number, &sentCount)
    unsafe adder.add(.bytesSent, Int(sentCount))
    switch progress {
    case .finished:
      unsafe PendingOutput.free(pending)
    case .failed:
      unsafe PendingOutput.free(pending)
      unsafe adder.add(.broken)
      close(number)
    case .blocked:
      unsafe keepPending(number, pending)
      awaitWritable(number)
    }
    return .taken
  }

  mutating func appendStatusLine(_ status: ResponseStatus) {
    output.append("HTTP/1.1 ")
    output.append(decimal: Int64(status.rawValue))
    output.append(" ")
    output.append(status.reason)
    output.append("\r\n")
  }

  /// The whole response, as a row of heads and bodies.
  ///
  /// - Parameter file: what the bodies are in unless they are in memory; the last of them closes
  ///   it.
  private func pendingParts(
    _ response: MultipartRanges,
    _ tail: HeadTail,
    _ file: (descriptor: Int32, isKept: Bool)
  ) -> UnsafeMutablePointer<PendingOutput> {
    var row = unsafe PendingOutput.allocate(PendingOutput(response.end, then: .none))
    for (index, part) in response.parts.enumerated().reversed() {
      let start = index == 0 ? responseHead(response, tail) : []
      let isLast = index == response.parts.count - 1
      let isKept = file.isKept || !isLast
      let body = pendingBody(part.body, file.descriptor, isKept: isKept)
      var output = PendingOutput(start + part.head, then: body)
      unsafe output.next = row
      unsafe row = PendingOutput.allocate(output)
    }
    return unsafe row
  }

  private func pendingBody(
    _ body: BodySource,
    _ file: Int32,
    isKept: Bool
  ) -> PendingOutput.Body {
    switch body {
    case .memory(let slice):
      return unsafe .memory(tableStart + Int(slice.offset), count: Int(slice.count))
    case .file(_, let offset, let count):
      return .file(file, offset: offset, count: count, isKept: isKept)
    case .none, .parts:
      preconditionFailure("a part is no multipart")
    }
  }

  private func responseHead(_ response: MultipartRanges, _ tail: HeadTail) -> [UInt8] {
    let status = ResponseStatus.partialContent
    let (start, count) = unsafe date.bytes(of: tail)
    let end = unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    return Array("HTTP/1.1 \(status.rawValue) \(status.reason)\r\n".utf8) + response.fields + end
  }
}
