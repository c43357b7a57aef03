/// The field section of a request head.
///
/// Source: RFC 9112 §5, RFC 9110 §5.
enum FieldLines {
  /// Parses the lines from `position` to the empty line, and moves `position` after it.
  @inline(always)
  static func parse(
    _ bytes: Span<UInt8>,
    at position: inout Int,
    limits: RequestLimits,
    into head: inout RequestHead
  ) -> RequestHeadParser.Outcome {
    let start = position
    var framing = FramingFields()
    var fieldCount = 0
    while true {
      guard position < bytes.count else { return .incomplete }
      if bytes[position] == .carriageReturn {
        head.fieldLines = ByteSlice(offset: start, count: position &- start)
        return finish(bytes, at: &position, framing, into: &head)
      }
      let line: FieldLine
      switch FieldLine.read(bytes, at: position) {
      case .complete(let complete): line = complete
      case .incomplete: return .incomplete
      case .malformed: return .rejected(.badRequest)
      }
      fieldCount &+= 1
      guard fieldCount <= limits.fieldCountMax else { return .rejected(.fieldsTooLarge) }
      if let status = store(line, bytes, &framing, into: &head) { return .rejected(status) }
      position = line.end
    }
  }

  /// Reads the CRLF of the empty line and checks the fields against each other.
  @inline(always)
  private static func finish(
    _ bytes: Span<UInt8>,
    at position: inout Int,
    _ framing: FramingFields,
    into head: inout RequestHead
  ) -> RequestHeadParser.Outcome {
    guard position &+ 1 < bytes.count else { return .incomplete }
    guard bytes[position &+ 1] == .lineFeed else { return .rejected(.badRequest) }
    position &+= 2
    guard framing.hasHost || head.isVersion10 else { return .rejected(.badRequest) }
    if let status = framing.apply(to: &head) { return .rejected(status) }
    return .complete
  }

  /// Stores the field of `line`; returns a status when the request must be rejected because of it.
  @inline(always)
  static func store(
    _ line: FieldLine,
    _ bytes: Span<UInt8>,
    _ framing: inout FramingFields,
    into head: inout RequestHead
  ) -> ResponseStatus? {
    // The length excludes most names before any byte is compared.
    switch line.name.count {
    case 4 where bytes.equals("host", in: line.name):
      guard !framing.hasHost, HostValue.isValid(bytes, line.value.range) else {
        return .badRequest
      }
      framing.hasHost = true
      head.host = line.value
    case 5 where bytes.equals("range", in: line.name):
      if head.addLine(of: .range) { head.range = line.value }
    case 6 where bytes.equals("expect", in: line.name):
      // An unknown expectation cannot be met (RFC 9110 §10.1.1). HTTP/1.0 does not have the field.
      guard head.isVersion10 || bytes.equals("100-continue", in: line.value.range) else {
        return .expectationFailed
      }
      head.hasExpectation = true
    case 7 where bytes.equals("referer", in: line.name):
      head.referer = line.value
    case 8 where bytes.equals("if-match", in: line.name):
      if head.addLine(of: .ifMatch) { head.ifMatch = line.value }
    case 8 where bytes.equals("if-range", in: line.name):
      if head.addLine(of: .ifRange) { head.ifRange = line.value }
    case 10 where bytes.equals("connection", in: line.name):
      framing.readConnection(bytes, line.value.range)
    case 10 where bytes.equals("user-agent", in: line.name):
      head.userAgent = line.value
    case 13 where bytes.equals("if-none-match", in: line.name):
      if head.addLine(of: .ifNoneMatch) { head.ifNoneMatch = line.value }
    case 14 where bytes.equals("content-length", in: line.name):
      return framing.readContentLength(bytes, line.value.range)
    case 15 where bytes.equals("accept-encoding", in: line.name):
      if head.addLine(of: .acceptEncoding) { head.acceptEncoding = line.value }
    case 17 where bytes.equals("if-modified-since", in: line.name):
      if head.addLine(of: .ifModifiedSince) { head.ifModifiedSince = line.value }
    case 17 where bytes.equals("transfer-encoding", in: line.name):
      return framing.readTransferEncoding(bytes, line.value.range)
    case 19 where bytes.equals("if-unmodified-since", in: line.name):
      if head.addLine(of: .ifUnmodifiedSince) { head.ifUnmodifiedSince = line.value }
    case 20 where bytes.equals("available-dictionary", in: line.name):
      if head.addLine(of: .availableDictionary) { head.availableDictionary = line.value }
    default:
      break
    }
    return nil
  }
}

extension RequestHead {
  /// Records one more line of `field`; returns whether it is the first.
  @inline(always)
  fileprivate mutating func addLine(of field: Fields) -> Bool {
    let isFirst = present.isDisjoint(with: field)
    if !isFirst { repeated.formUnion(field) }
    present.formUnion(field)
    return isFirst
  }

  /// Calls `body` with the value of every line of the field `name`, in order.
  ///
  /// Needed only when a list spans several lines (RFC 9110 §5.3), and for fields that are evaluated
  /// rarely; the values of the others are properties of the head.
  ///
  /// - Parameters:
  ///   - name: lower-case.
  ///   - bytes: the buffer that this head was parsed from.
  ///   - body: called with each value.
  func forEachValue(
    of name: StaticString,
    in bytes: Span<UInt8>,
    _ body: (ByteSlice) -> Void
  ) {
    var position = fieldLines.range.lowerBound
    while position < fieldLines.range.upperBound,
      case .complete(let line) = FieldLine.read(bytes, at: position)
    {
      if bytes.equals(name, in: line.name) { body(line.value) }
      position = line.end
    }
  }
}
