/// A request that a framework has parsed, reduced to the parts that affect the response for a file.
///
/// Frameworks provide a method, a target and fields; this type has what a `FileTable` needs of
/// them:
///
/// ```swift
/// var request = ParsedRequest(method: "GET", target: "/static/app.css?v=1")
/// request?.add("Accept-Encoding", "br, gzip")
/// ```
///
/// Only the fields that affect the response are stored, about a hundred bytes. `Content-Length` and
/// `Connection` are not among them: the framework has evaluated them.
public struct ParsedRequest: Sendable {
  /// The request, for `FileTable.plan`.
  package private(set) var head: RequestHead
  /// The buffer that the slices of `head` refer to.
  package private(set) var bytes: [UInt8]
  /// The framing fields added so far, and the status of the first field that must be refused.
  private var framing = FramingFields()
  private var fieldStatus: ResponseStatus?

  /// A request that `RequestHeadParser` parsed from `bytes`.
  package init(head: RequestHead, bytes: [UInt8]) {
    self.head = head
    self.bytes = bytes
  }

  /// A request without fields.
  ///
  /// - Parameters:
  ///   - method: as sent; methods are case-sensitive.
  ///   - target: as sent, percent-encoded, with its query.
  ///   - isVersion10: whether the version is HTTP/1.0.
  /// - Returns: nil when a request line cannot contain them, for example an authority without
  ///   CONNECT or a target with a space; the framework should refuse such a request.
  ///
  /// Source: RFC 9112 §3.
  public init?(method: String, target: String, isVersion10: Bool = false) {
    var head = RequestHead()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512)
    bytes += method.utf8
    bytes.append(.space)
    bytes += target.utf8
    bytes += isVersion10 ? Self.endOfLine10 : Self.endOfLine
    // The framework limits the length of targets.
    let limits = RequestLimits(targetBytesMax: .max)
    var position = 0
    let outcome = RequestLine.parse(bytes.span, at: &position, limits: limits, into: &head)
    // A target that contains CRLF would end the line early.
    guard outcome == .complete, position == bytes.count else { return nil }
    head.fieldLines = ByteSlice(offset: position, count: 0)
    self.init(head: head, bytes: bytes)
  }

  /// Adds a field line.
  ///
  /// A field that does not affect the response, and a value that is not a field value, are ignored.
  ///
  /// - Parameters:
  ///   - name: the field name, in any case.
  ///   - value: the value of one line; a list that spans several lines may be added line by line.
  public mutating func add(_ name: String, _ value: String) {
    guard Self.mayDecide(name.utf8) else { return }
    let start = bytes.count
    bytes += name.utf8
    bytes.append(UInt8(ascii: ":"))
    bytes += value.utf8
    bytes += [.carriageReturn, .lineFeed]
    guard case .complete(let line) = FieldLine.read(bytes.span, at: start), line.end == bytes.count
    else {
      bytes.removeSubrange(start...)
      return
    }
    // Local copies: `bytes` is borrowed during the call, so `self` cannot be modified.
    var (head, framing) = (head, framing)
    let status = FieldLines.store(line, bytes.span, &framing, into: &head)
    head.fieldLines.count = UInt32(bytes.count) - head.fieldLines.offset
    (self.head, self.framing) = (head, framing)
    fieldStatus = fieldStatus ?? status
  }

  /// The status with which to refuse the request because of `Host` or its framing; nil when it is
  /// valid.
  ///
  /// 400 when an HTTP/1.1 request has no `Host`, when there are two or a malformed one, and when
  /// transfer codings contradict each other or the version; 501 for an unknown transfer coding. For
  /// frameworks that accept such requests and pass on all fields as received.
  ///
  /// Source: RFC 9112 §3.2, §6.1.
  public var refusal: ResponseStatus? {
    if let fieldStatus { return fieldStatus }
    guard framing.hasHost || head.isVersion10 else { return .badRequest }
    var judged = head
    return framing.apply(to: &judged)
  }

  private static let endOfLine = Array(" HTTP/1.1\r\n".utf8)
  private static let endOfLine10 = Array(" HTTP/1.0\r\n".utf8)

  /// Whether a name may be, by its length, one of `Host`, `Range`, `If-Match`, `If-Range`,
  /// `If-None-Match`, `Accept-Encoding`, `If-(Un)modified-Since`, `Transfer-Encoding`, `Accept`,
  /// `Origin`, `Access-Control-Request-Method`, `Available-Dictionary`, `Sec-Fetch-Mode` and
  /// `Sec-Fetch-Site`.
  private static func mayDecide(_ name: String.UTF8View) -> Bool {
    switch name.count {
    case 4, 5, 6, 8, 13, 15, 17, 19, 20, 29: true
    // `Sec-Fetch-Mode` and `Sec-Fetch-Site`, not `Content-Length`, which has the same length.
    case 14: name.first.map { $0 | 0x20 } == UInt8(ascii: "s")
    default: false
    }
  }
}
