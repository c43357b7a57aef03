/// The head of one HTTP/1.x request, as slices of the buffer that it was parsed from.
///
/// A trivial value: one can be reused for all requests. An absent field and a field with an empty
/// value are both an empty slice; `present` distinguishes them.
package struct RequestHead: Sendable {
  /// The method; case-sensitive (RFC 9110 §9.1).
  package internal(set) var method = RequestMethod.get
  /// The request line, without its CRLF.
  package internal(set) var requestLine = ByteSlice.none
  /// The request target as sent.
  package internal(set) var target = ByteSlice.none
  /// The path of the target, percent-encoded, without the query.
  ///
  /// For absolute-form, the part after the authority, which may be empty; for asterisk-form, `*`.
  package internal(set) var path = ByteSlice.none
  /// Whether the version is HTTP/1.0.
  ///
  /// Any other HTTP/1.x is treated as 1.1 (RFC 9110 §2.5).
  package internal(set) var isVersion10 = false
  /// Whether the connection may carry another request after this one (RFC 9112 §9.3).
  package internal(set) var keepsAlive = true
  /// The framing of the content.
  package internal(set) var content = RequestContent.none
  /// Whether the request has an `Expect` field: the client may wait for 100 before it sends
  /// content, or never send it (RFC 9110 §10.1.1).
  package internal(set) var hasExpectation = false
  /// The value of `Host`.
  package internal(set) var host = ByteSlice.none
  /// The value of the first `Accept-Encoding` line.
  package internal(set) var acceptEncoding = ByteSlice.none
  /// The value of the first `If-Match` line.
  package internal(set) var ifMatch = ByteSlice.none
  /// The value of the first `If-None-Match` line.
  package internal(set) var ifNoneMatch = ByteSlice.none
  /// The value of the first `If-Modified-Since` line.
  package internal(set) var ifModifiedSince = ByteSlice.none
  /// The value of the first `If-Unmodified-Since` line.
  package internal(set) var ifUnmodifiedSince = ByteSlice.none
  /// The value of the first `If-Range` line.
  package internal(set) var ifRange = ByteSlice.none
  /// The value of the first `Range` line.
  package internal(set) var range = ByteSlice.none
  /// The value of the first `Available-Dictionary` line.
  package internal(set) var availableDictionary = ByteSlice.none
  /// The value of the last `Referer` line.
  package internal(set) var referer = ByteSlice.none
  /// The value of the last `User-Agent` line.
  package internal(set) var userAgent = ByteSlice.none
  /// All field lines with their CRLF, without the empty line.
  package internal(set) var fieldLines = ByteSlice.none
  /// The conditional, range and negotiation fields that the request has.
  package internal(set) var present: Fields = []
  /// The fields in `present` that span several lines; `fieldLines` contains the further lines.
  package internal(set) var repeated: Fields = []
  /// Bytes from the start of the buffer to the end of the head.
  package internal(set) var byteCount = 0

  /// The method as sent.
  package var methodName: ByteSlice {
    guard !requestLine.isEmpty else { return .none }
    return ByteSlice(
      offset: Int(requestLine.offset),
      count: Int(target.offset) - Int(requestLine.offset) - 1
    )
  }

  /// Whether the target is in asterisk-form, which refers to the server as a whole (RFC 9112
  /// §3.2.4).
  ///
  /// - Parameter bytes: the buffer that this head was parsed from.
  package func isForServer(_ bytes: Span<UInt8>) -> Bool {
    path.count == 1 && bytes[Int(path.offset)] == UInt8(ascii: "*")
  }

  /// An empty head to parse into.
  package init() {}

  /// Whether the request has a precondition or a range.
  ///
  /// One test for all fields, so that an unconditional request needs no further one.
  @inline(always)
  package var isConditional: Bool { !present.isDisjoint(with: .conditions) }

  /// A set of the fields that determine the response.
  ///
  /// A list may span several lines (RFC 9110 §5.3). The other fields document the effect of several
  /// lines.
  package struct Fields: OptionSet, Sendable {
    /// One bit for each field.
    package let rawValue: UInt8

    /// A set of the fields whose bits are set.
    package init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// `Accept-Encoding`, a list.
    package static let acceptEncoding = Self(rawValue: 1)
    /// `If-None-Match`, a list.
    package static let ifNoneMatch = Self(rawValue: 2)
    /// `If-Modified-Since`; ignored when it spans several lines (RFC 9110 §13.1.3).
    package static let ifModifiedSince = Self(rawValue: 4)
    /// `If-Match`, a list.
    package static let ifMatch = Self(rawValue: 8)
    /// `If-Unmodified-Since`; ignored when it spans several lines (RFC 9110 §13.1.4).
    package static let ifUnmodifiedSince = Self(rawValue: 16)
    /// `If-Range`; false when it spans several lines, so that the whole representation is sent.
    package static let ifRange = Self(rawValue: 32)
    /// `Range`; invalid, and so ignored, when it spans several lines (RFC 9110 §14.2).
    package static let range = Self(rawValue: 64)
    /// `Available-Dictionary`; invalid, and so ignored, when it has several lines (RFC 9651 §4.2).
    package static let availableDictionary = Self(rawValue: 128)

    /// The preconditions and `Range`.
    package static let conditions: Self = [
      .ifMatch, .ifNoneMatch, .ifModifiedSince, .ifUnmodifiedSince, .ifRange, .range,
    ]
  }
}
