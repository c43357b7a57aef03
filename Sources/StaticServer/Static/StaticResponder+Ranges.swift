internal import StaticAssets

/// Range responses, and heads that depend on the request.
///
/// The unsafe parts are those of `StaticResponder`: addresses in `wake.output`, in the suffixes or
/// in the table. The connection owns and frees the memory of a multipart response; on failure it is
/// freed here.
extension StaticResponder {
  /// The longest `Content-Length` and `Content-Range` lines together, in bytes.
  private static let rangeFieldsByteCountMax = 128
  /// The longest status line that the table does not store in a head, in bytes.
  private static let statusLineByteCountMax = 64

  /// Appends the head of `plan` and its missing lines if they and `bodyCount` more bytes fit the
  /// buffer.
  @inline(never)
  func appendCompletedHead(
    _ fd: Int32,
    _ plan: ResponsePlan,
    _ suffix: HeadSuffix,
    _ bytes: Span<UInt8>,
    bodyCount: Int,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) -> Bool {
    var queryCount = 0
    switch plan.completion {
    case .redirect(let rule): return appendRedirect(fd, plan, rule, suffix, bytes, &clients, &wake)
    case .location(let query): queryCount = Int(query.count)
    case .none, .part, .unsatisfied: break
    }
    let (suffixStart, suffixCount) = unsafe wake.suffixes.bytes(of: suffix)
    let headCount = Int(plan.head.bytes.count)
    let rest = Self.statusLineByteCountMax + Self.rangeFieldsByteCountMax + suffixCount
    guard clients.makeRoom(fd, headCount + rest + queryCount + bodyCount, &wake) else {
      return false
    }
    if plan.head.statusLineByteCount == 0 { wake.output.append(statusLine: plan.status) }
    unsafe wake.output.append(tableStart + Int(plan.head.bytes.offset), headCount)
    wake.output.append(rangeFieldsOf: plan)
    if case .location(let query) = plan.completion {
      wake.output.append(bytes, query)
      wake.output.append("\r\n")
    }
    unsafe wake.output.append(suffixStart, suffixCount)
    return true
  }

  /// Appends the head of a redirect of the operator, if it fits the buffer.
  @inline(never)
  private func appendRedirect(
    _ fd: Int32,
    _ plan: ResponsePlan,
    _ rule: Int,
    _ suffix: HeadSuffix,
    _ bytes: Span<UInt8>,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) -> Bool {
    let head = wake.head
    let location = unsafe table._withUnsafeGuaranteedRef {
      $0.location(ofRedirect: rule, for: head, in: bytes)
    }
    let (suffixStart, suffixCount) = unsafe wake.suffixes.bytes(of: suffix)
    let headCount = Int(plan.head.bytes.count)
    let count = headCount + location.count + suffixCount + 2
    guard clients.makeRoom(fd, count, &wake) else { return false }
    unsafe wake.output.append(tableStart + Int(plan.head.bytes.offset), headCount)
    wake.output.append(location)
    wake.output.append("\r\n")
    unsafe wake.output.append(suffixStart, suffixCount)
    return true
  }

  /// Sends a multipart/byteranges response, as far as the socket accepts it.
  @inline(never)
  mutating func deliverParts(
    _ fd: Int32,
    _ representation: Int,
    _ suffix: HeadSuffix,
    _ bytes: Span<UInt8>,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) -> Delivery {
    clients.flush(fd, &wake)
    guard clients.slab[fd].state == .reading else { return .postponed }
    let head = wake.head
    let response = unsafe table._withUnsafeGuaranteedRef {
      $0.multipart(of: representation, for: head, in: bytes)
    }
    multipartByteCount = response.byteCount
    var file: (descriptor: Int32, isKept: Bool) = (-1, true)
    if case .file(let stored, _, _) = response.parts[0].body {
      file = openFile(stored, for: fd, &clients, at: wake.now)
      guard file.descriptor >= 0 else {
        return fileFailed(fd, file.descriptor, &clients, &wake)
      }
    }
    let start = responseHead(response, suffix, wake)
    var backlog = unsafe backlogOfParts(response, start, file)
    var sentCount: Int64 = 0
    let outcome = unsafe ResponseBacklog.flush(&backlog, to: clients.transport(fd), &sentCount)
    unsafe clients.adder.add(.bytesSent, Int(sentCount))
    switch outcome {
    case .finished:
      unsafe ResponseBacklog.free(backlog)
    case .failed, .fileFailed:
      let unsentByteCount = unsafe backlog.pointee.unsentByteCount
      unsafe ResponseBacklog.free(backlog)
      clients.closeBroken(fd, outcome, unsentByteCount: unsentByteCount)
    case .blocked:
      unsafe clients.keepBacklog(fd, backlog, at: wake.now)
    }
    return .taken
  }

  /// Builds the backlog of the whole response: heads and bodies in turn.
  ///
  /// - Parameter file: the descriptor of the bodies, unless they are in memory; the entry of the
  ///   last body closes it.
  private func backlogOfParts(
    _ response: MultipartRanges,
    _ start: [UInt8],
    _ file: (descriptor: Int32, isKept: Bool)
  ) -> UnsafeMutablePointer<ResponseBacklog> {
    var row = unsafe ResponseBacklog.allocate(ResponseBacklog(response.end, then: .none))
    for (index, part) in response.parts.enumerated().reversed() {
      let isLast = index == response.parts.count - 1
      let isKept = file.isKept || !isLast
      let body = body(part.body, file.descriptor, isKept: isKept)
      var segment = ResponseBacklog((index == 0 ? start : []) + part.head, then: body)
      unsafe segment.next = row
      unsafe row = ResponseBacklog.allocate(segment)
    }
    return unsafe row
  }

  private func body(
    _ body: BodySource,
    _ file: Int32,
    isKept: Bool
  ) -> ResponseBacklog.Body {
    switch body {
    case .memory(let slice):
      return unsafe .memory(tableStart + Int(slice.offset), count: Int(slice.count))
    case .file(let number, let offset, let count):
      let version = unsafe table._withUnsafeGuaranteedRef { $0.version(ofFile: number) }
      return .file(
        FileRest(
          descriptor: file,
          offset: offset,
          end: offset + count,
          isKept: isKept,
          version: version
        )
      )
    case .none, .parts:
      preconditionFailure("the body of a part is in memory or in a file")
    }
  }

  private func responseHead(
    _ response: MultipartRanges,
    _ suffix: HeadSuffix,
    _ wake: borrowing Wake
  ) -> [UInt8] {
    let status = ResponseStatus.partialContent
    let (start, count) = unsafe wake.suffixes.bytes(of: suffix)
    let end = unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    return Array("HTTP/1.1 \(status.rawValue) \(status.reason)\r\n".utf8) + response.fields + end
  }
}

extension ByteBuffer {
  /// Appends the status line of `status`, at most 64 bytes; it must fit `room`.
  mutating func append(statusLine status: ResponseStatus) {
    append("HTTP/1.1 ")
    append(decimal: Int64(status.rawValue))
    append(" ")
    append(status.reason)
    append("\r\n")
  }

  /// Appends the lines that a range response adds to the head of `plan`, at most 128 bytes.
  ///
  /// They must fit `room`.
  mutating func append(rangeFieldsOf plan: ResponsePlan) {
    switch plan.completion {
    case .none, .location, .redirect:
      break
    case .part(let offset, let total):
      let count = plan.body.byteCount
      append("Content-Length: ")
      append(decimal: count)
      append("\r\nContent-Range: bytes ")
      append(decimal: offset)
      append("-")
      append(decimal: offset + count - 1)
      append("/")
      append(decimal: total)
      append("\r\n")
    case .unsatisfied(let total):
      append("Content-Range: bytes */")
      append(decimal: total)
      append("\r\n")
    }
  }
}
