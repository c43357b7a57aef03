/// A request's method, as far as answering for a file depends on it.
///
/// Source: RFC 9110 §9.
public enum RequestMethod: UInt8, Sendable {
  /// `GET`
  case get
  /// `HEAD`
  case head
  /// `OPTIONS`
  case options
  /// Any other token.
  case other
}

/// How the content after a request's head is delimited.
///
/// Source: RFC 9112 §6.
public enum RequestContent: Equatable, Sendable {
  /// The request has no content.
  case none
  /// `Content-Length`: this many bytes follow, more than zero.
  case length(Int64)
  /// `Transfer-Encoding: chunked`
  case chunked
}

/// The head of one HTTP/1.x request: what it asks for, as offsets into the buffer it was read from.
///
/// A plain value without references: a loop keeps one and parses every request into it.
/// An absent field and a field with an empty value are both an empty slice; `present` tells them
/// apart.
public struct RequestHead: Sendable {
  /// The method; case-sensitive (RFC 9110 §9.1).
  public internal(set) var method = RequestMethod.get
  /// The first line, without its CRLF.
  public internal(set) var requestLine = ByteSlice.none
  /// The request target as sent.
  public internal(set) var target = ByteSlice.none
  /// The path of the target, still percent-encoded, without the query.
  ///
  /// Of an absolute-form target, what follows the authority; `*` for the asterisk form.
  public internal(set) var path = ByteSlice.none
  /// Whether the request is HTTP/1.0; any other HTTP/1.x is treated as 1.1 (RFC 9110 §2.5).
  public internal(set) var isVersion10 = false
  /// Whether the connection may carry another request after this one (RFC 9112 §9.3).
  public internal(set) var keepsAlive = true
  /// How the content is delimited.
  public internal(set) var content = RequestContent.none
  /// Whether the request has an `Expect` field, such as `100-continue`: its content may come only
  /// after an answer, or never (RFC 9110 §10.1.1).
  public internal(set) var hasExpectation = false
  /// The value of `Host`.
  public internal(set) var host = ByteSlice.none
  /// The value of the first `Accept-Encoding` line.
  public internal(set) var acceptEncoding = ByteSlice.none
  /// The value of the first `If-Match` line.
  public internal(set) var ifMatch = ByteSlice.none
  /// The value of the first `If-None-Match` line.
  public internal(set) var ifNoneMatch = ByteSlice.none
  /// The value of `If-Modified-Since`.
  public internal(set) var ifModifiedSince = ByteSlice.none
  /// The value of `If-Unmodified-Since`.
  public internal(set) var ifUnmodifiedSince = ByteSlice.none
  /// The value of `If-Range`.
  public internal(set) var ifRange = ByteSlice.none
  /// The value of `Range`.
  public internal(set) var range = ByteSlice.none
  /// The value of the last `Referer` line.
  public internal(set) var referer = ByteSlice.none
  /// The value of the last `User-Agent` line.
  public internal(set) var userAgent = ByteSlice.none
  /// All field lines with their line ends, without the empty line.
  public internal(set) var fieldLines = ByteSlice.none
  /// The fields among the ones above that the request has.
  public internal(set) var present: Fields = []
  /// The fields among the ones above that stand on more than one line: their further lines are
  /// found in `fieldLines`.
  public internal(set) var repeated: Fields = []
  /// Bytes from the start of the buffer to the first byte after the head.
  public internal(set) var byteCount = 0

  /// The method as sent.
  public var methodName: ByteSlice {
    guard !requestLine.isEmpty else { return .none }
    return ByteSlice(
      offset: Int(requestLine.offset),
      count: Int(target.offset) - Int(requestLine.offset) - 1
    )
  }

  /// Whether the request is in asterisk form, which asks about the server as a whole.
  ///
  /// - Parameter bytes: the buffer that this head was parsed from.
  public func isForServer(_ bytes: Span<UInt8>) -> Bool {
    path.count == 1 && bytes[Int(path.offset)] == UInt8(ascii: "*")
  }

  /// An empty head to parse into.
  public init() {}

  /// Whether a field asks for anything but the whole file: a precondition or a range.
  ///
  /// One test for all of them, so that a plain request pays for none.
  @inline(always)
  public var isConditional: Bool { !present.isDisjoint(with: .conditions) }

  /// A set of the fields that decide about the answer.
  ///
  /// Lists may stand on several lines (RFC 9110 §5.3); what is to be made of the others then is
  /// said with each.
  public struct Fields: OptionSet, Sendable {
    /// One bit for each field.
    public let rawValue: UInt8

    /// A set of the fields whose bits are set.
    public init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// The field `Accept-Encoding`, a list.
    public static let acceptEncoding = Self(rawValue: 1)
    /// The field `If-None-Match`, a list.
    public static let ifNoneMatch = Self(rawValue: 2)
    /// The field `If-Modified-Since`; repeated, it is to be ignored (RFC 9110 §13.1.3).
    public static let ifModifiedSince = Self(rawValue: 4)
    /// The field `If-Match`, a list.
    public static let ifMatch = Self(rawValue: 8)
    /// The field `If-Unmodified-Since`; repeated, it is to be ignored (RFC 9110 §13.1.4).
    public static let ifUnmodifiedSince = Self(rawValue: 16)
    /// The field `If-Range`; repeated, it holds for nothing, so that the whole is sent.
    public static let ifRange = Self(rawValue: 32)
    /// The field `Range`; repeated, it is no valid one and to be ignored (RFC 9110 §14.2).
    public static let range = Self(rawValue: 64)

    /// All that are preconditions, and `Range`.
    public static let conditions: Self = [
      .ifMatch, .ifNoneMatch, .ifModifiedSince, .ifUnmodifiedSince, .ifRange, .range,
    ]
  }
}

/// What may be sent as a request head.
public struct RequestLimits: Sendable {
  /// Bytes of the whole head, its empty line included; more is 431.
  public var headBytesMax: Int
  /// Bytes of the request target; more is 414.
  public var targetBytesMax: Int
  /// Number of field lines; more is 431.
  public var fieldCountMax: Int

  /// Limits that every browser and crawler stays under by far.
  public init(
    headBytesMax: Int = 16384,
    targetBytesMax: Int = 8192,
    fieldCountMax: Int = 100
  ) {
    precondition(headBytesMax > 0 && targetBytesMax > 0 && fieldCountMax > 0)
    self.headBytesMax = headBytesMax
    self.targetBytesMax = targetBytesMax
    self.fieldCountMax = fieldCountMax
  }
}
