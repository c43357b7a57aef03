internal import StaticAssets

/// Parses the head of an app's response strictly: anything ambiguous is rejected.
///
/// Source: RFC 9112 §4 to §6.
extension UpstreamResponseHead {
  /// The result of parsing.
  enum Outcome: Equatable {
    case complete, incomplete, malformed
  }

  /// Parses the head at the start of `bytes`.
  ///
  /// - Parameter isHead: whether the request method is HEAD; its response has no content.
  static func parse(
    _ bytes: Span<UInt8>,
    isHead: Bool,
    into head: inout UpstreamResponseHead
  ) -> Outcome {
    head = UpstreamResponseHead()
    var position = 0
    let line = head.parseStatusLine(bytes, &position)
    guard line == .complete else { return line }
    head.fieldsStart = position
    var fields = FieldLineReader(at: position)
    while true {
      switch fields.next(bytes) {
      case .incomplete: return .incomplete
      case .malformed: return .malformed
      case .line(let line):
        guard head.note(line, bytes) else { return .malformed }
      case .end:
        head.byteCount = fields.position
        return head.finish(isHead: isHead) ? .complete : .malformed
      }
    }
  }

  /// Parses `HTTP/1.x`, a space, three digits, then a space and a reason phrase; some apps omit
  /// both.
  private mutating func parseStatusLine(_ bytes: Span<UInt8>, _ position: inout Int) -> Outcome {
    let form: StaticString = "HTTP/1.0 000"
    for offset in 0..<form.utf8CodeUnitCount {
      guard offset < bytes.count else { return .incomplete }
      let byte = bytes[offset]
      // `offset` is below the length of the literal.
      let expected = unsafe form.utf8Start[offset]
      let isDigit = expected == UInt8(ascii: "0")
      guard isDigit ? byte &- UInt8(ascii: "0") < 10 : byte == expected else { return .malformed }
    }
    isVersion10 = bytes[7] == UInt8(ascii: "0")
    for offset in 9..<12 { status = status * 10 + UInt16(bytes[offset] - UInt8(ascii: "0")) }
    guard (100...599).contains(status) else { return .malformed }
    var end = 12
    if end < bytes.count, bytes[end] == 0x20 {
      end += 1
      // obs-text is allowed in a reason phrase, control characters are not.
      while end < bytes.count, bytes[end] >= 0x20 || bytes[end] == 0x09, bytes[end] != 0x7F {
        end += 1
      }
      reason = ByteSlice(offset: 13, count: end - 13)
    }
    guard end < bytes.count else { return .incomplete }
    guard bytes[end] == 0x0D else { return .malformed }
    guard end + 1 < bytes.count else { return .incomplete }
    guard bytes[end + 1] == 0x0A else { return .malformed }
    position = end + 2
    return .complete
  }

  /// Stores the value of `line`; returns false if it makes the head malformed.
  private mutating func note(_ line: FieldLineReader.Line, _ bytes: Span<UInt8>) -> Bool {
    let name = line.name
    switch name.count {
    case 4 where bytes.spells("date", in: name): hasDate = true
    case 7 where bytes.spells("upgrade", in: name): upgrade = line.value
    case 10 where bytes.spells("connection", in: name): noteConnection(bytes, line.value.range)
    case 10 where bytes.spells("keep-alive", in: name): noteKeepAlive(bytes, line.value.range)
    case 10 where bytes.spells("x-sendfile", in: name): filePath = line.value
    case 12 where bytes.spells("content-type", in: name):
      hasContentType = true
      let type: StaticString = "text/event-stream"
      let count = min(type.utf8CodeUnitCount, Int(line.value.count))
      let start = ByteSlice(offset: Int(line.value.offset), count: count)
      if bytes.spells(type, in: start) { isUnbuffered = true }
    case 14 where bytes.spells("content-length", in: name):
      return noteContentLength(bytes, line.value.range)
    case 16 where bytes.spells("content-encoding", in: name): contentEncoding = line.value
    case 16 where bytes.spells("x-accel-redirect", in: name): fileURL = line.value
    case 17 where bytes.spells("transfer-encoding", in: name):
      guard !isChunked, bytes.spells("chunked", in: line.value) else { return false }
      isChunked = true
    case 17 where bytes.spells("x-accel-buffering", in: name):
      if bytes.spells("no", in: line.value) { isUnbuffered = true }
    default: break
    }
    return true
  }

  private mutating func noteConnection(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    connection.add(bytes, range)
    var items = ListItems(range)
    while let item = items.next(bytes) {
      let slice = ByteSlice(offset: item.lowerBound, count: item.count)
      if bytes.spells("close", in: slice) {
        closes = true
      } else if bytes.spells("keep-alive", in: slice) {
        asksToKeep = true
      }
    }
  }

  /// Parses `timeout=SECONDS`.
  private mutating func noteKeepAlive(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    var items = ListItems(range)
    while let item = items.next(bytes) {
      guard item.count > 8, item.count <= 16 else { continue }
      let name = ByteSlice(offset: item.lowerBound, count: 8)
      guard bytes.spells("timeout=", in: name) else { continue }
      let digits = item.dropFirst(8)
      guard let seconds = Self.number(bytes, digits.startIndex..<digits.endIndex) else { continue }
      keepAliveTime = seconds * 1000
    }
  }

  /// Parses a `Content-Length`: digits only, and only one line.
  private mutating func noteContentLength(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard contentLength == nil, let length = Self.number(bytes, range) else {
      fault = .malformedLength
      return false
    }
    contentLength = length
    return true
  }

  /// Parses a number of 1 to 15 digits; nil for anything else.
  private static func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard !range.isEmpty, range.count <= 15 else { return nil }
    var value: Int64 = 0
    for index in range {
      let digit = bytes[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value * 10 + Int64(digit)
    }
    return value
  }

  /// Determines the framing from all fields; returns false if they contradict each other.
  private mutating func finish(isHead: Bool) -> Bool {
    if connection.isExcessive { return false }
    // `Content-Length` with chunked, and chunked in HTTP/1.0, allow response splitting (RFC 9112
    // §6.1).
    if isChunked, contentLength != nil {
      fault = .lengthAndChunks
      return false
    }
    if isChunked, isVersion10 { return false }
    if isHead || status < 200 || status == 204 || status == 304 {
      framing = .empty
    } else if isChunked {
      framing = .chunked
    } else if let contentLength {
      framing = contentLength > 0 ? .length(contentLength) : .empty
    } else {
      framing = .untilClose
    }
    ending = ReusePolicy.Ending(
      isHead: isHead,
      status: status,
      framing: framing,
      contentLength: contentLength,
      isPersistent: !closes && (!isVersion10 || asksToKeep)
    )
    return true
  }
}
