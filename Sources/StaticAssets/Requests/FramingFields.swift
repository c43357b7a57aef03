/// The fields that determine the framing and the persistence of the connection.
///
/// Source: RFC 9112 §6 (framing), §9 (connection).
struct FramingFields {
  var hasHost = false
  private var contentLength: Int64?
  private var isChunked = false
  private var closes = false
  private var keepsAlive = false

  init() {}

  /// Reads a `Connection` value: the options `close` and `keep-alive` (RFC 9112 §9.3).
  mutating func readConnection(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    var items = ListItems(range)
    while let item = items.next(bytes) {
      if bytes.equals("close", in: item) {
        closes = true
      } else if bytes.equals("keep-alive", in: item) {
        keepsAlive = true
      }
    }
  }

  /// Reads a `Content-Length` value; 400 unless it is one line of at most 18 digits.
  ///
  /// A second line with the same length is refused as well, as RFC 9112 §6.3 permits.
  mutating func readContentLength(_ bytes: Span<UInt8>, _ range: Range<Int>) -> ResponseStatus? {
    guard contentLength == nil, !range.isEmpty, range.count <= 18 else { return .badRequest }
    var length: Int64 = 0
    for index in range {
      let digit = bytes[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return .badRequest }
      length = length &* 10 &+ Int64(digit)
    }
    contentLength = length
    return nil
  }

  /// Reads a `Transfer-Encoding` value: 501 unless it is `chunked` alone; 400 for a second line.
  mutating func readTransferEncoding(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>
  ) -> ResponseStatus? {
    guard !isChunked else { return .badRequest }
    guard bytes.equals("chunked", in: range) else { return .notImplemented }
    isChunked = true
    return nil
  }

  /// Stores the result in `head`; 400 when the fields contradict each other.
  @inline(always)
  func apply(to head: inout RequestHead) -> ResponseStatus? {
    if isChunked {
      // Both framings at once, and chunked in HTTP/1.0, allow request smuggling (RFC 9112 §6.1).
      guard contentLength == nil, !head.isVersion10 else { return .badRequest }
      head.content = .chunked
    } else if let contentLength, contentLength > 0 {
      head.content = .length(contentLength)
    }
    if closes {
      head.keepsAlive = false
    } else if keepsAlive {
      head.keepsAlive = true
    }
    return nil
  }
}
