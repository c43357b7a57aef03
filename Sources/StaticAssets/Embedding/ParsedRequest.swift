/// A request that somebody else has parsed, as far as an answer for a file depends on it.
///
/// Frameworks hand out a method, a target and fields; a `FileTable` wants a `RequestHead` and the
/// bytes that its slices point into. This has both:
///
/// ```swift
/// var request = ParsedRequest(method: "GET", target: "/static/app.css?v=1")
/// request?.add("Accept-Encoding", "br, gzip")
/// ```
///
/// Only the few fields that decide are written down, some hundred bytes; where a message and its
/// connection end (`Content-Length`, `Connection`) was the framework's to read.
public struct ParsedRequest: Sendable {
  /// The request, as `FileTable.plan` wants it.
  public private(set) var head: RequestHead
  /// What the slices of `head` point into.
  public private(set) var bytes: [UInt8]
  /// What the fields added so far say of host and framing, and why they are to be refused.
  private var framing = FramingFields()
  private var fieldStatus: ResponseStatus?

  /// A request that `RequestHeadParser` read from `bytes`.
  public init(head: RequestHead, bytes: [UInt8]) {
    self.head = head
    self.bytes = bytes
  }

  /// A request without fields.
  ///
  /// - Parameters:
  ///   - method: as sent; a method is case-sensitive.
  ///   - target: as sent, still percent-encoded, with its query.
  ///   - isVersion10: whether it came as HTTP/1.0.
  /// - Returns: nil when method and target are nothing that a request line may hold, such as an
  ///   authority without CONNECT or a target with a space: that is for the framework to refuse.
  ///   Source: RFC 9112 §3.
  public init?(method: String, target: String, isVersion10: Bool = false) {
    var head = RequestHead()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512)
    bytes += method.utf8
    bytes.append(.space)
    bytes += target.utf8
    bytes += isVersion10 ? Self.endOfLine10 : Self.endOfLine
    // How long a target may be was the framework's decision.
    let limits = RequestLimits(targetBytesMax: .max)
    var position = 0
    let outcome = RequestLine.parse(bytes.span, at: &position, limits: limits, into: &head)
    // A target that contains the end of a line would end early.
    guard outcome == .complete, position == bytes.count else { return nil }
    head.fieldLines = ByteSlice(offset: position, count: 0)
    self.init(head: head, bytes: bytes)
  }

  /// Adds a field line; any that decides nothing, or whose value no field may have, is ignored.
  ///
  /// - Parameters:
  ///   - name: in any case.
  ///   - value: one line's; lists that stand on several lines are added line by line.
  public mutating func add(_ name: String, _ value: String) {
    guard Self.mayDecide(name.utf8.count) else { return }
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
    // Apart from the bytes, so that they can be read while it is written.
    var (head, framing) = (head, framing)
    let status = FieldLines.note(line, bytes.span, &framing, into: &head)
    head.fieldLines.count = UInt32(bytes.count) - head.fieldLines.offset
    (self.head, self.framing) = (head, framing)
    fieldStatus = fieldStatus ?? status
  }

  /// The status with which to refuse the request for what its fields say of host and content, as
  /// the server of this package does: 400 without `Host` (HTTP/1.1), with two of them or one that
  /// is malformed; 400 and 501 for transfer codings.
  ///
  /// For frameworks that accept such requests and hand out all fields as they came.
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

  /// Whether a name of this length may be a field's that decides: `Host`, `Range`, `If-Match`,
  /// `If-Range`, `If-None-Match`, `Accept-Encoding`, `If-(Un)modified-Since`, `Transfer-Encoding`.
  private static func mayDecide(_ nameByteCount: Int) -> Bool {
    switch nameByteCount {
    case 4, 5, 8, 13, 15, 17, 19: true
    default: false
    }
  }
}
