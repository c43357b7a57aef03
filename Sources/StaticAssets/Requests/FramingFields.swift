/// What the fields of a request say about where its content ends and about the connection.
///
/// Source: RFC 9112 §6 and §9.
struct FramingFields {
  var hasHost = false
  private var contentLength: Int64?
  private var isChunked = false
  private var closes = false
  private var keepsAlive = false

  init() {}

  /// Takes a `Connection` value: its `close` and `keep-alive` options (RFC 9112 §9.3).
  mutating func noteConnection(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    var items = ListItems(range)
    while let item = items.next(bytes) {
      if bytes.equals("close", in: item) {
        closes = true
      } else if bytes.equals("keep-alive", in: item) {
        keepsAlive = true
      }
    }
  }

  /// Takes a `Content-Length` value: digits alone, and once; 400 otherwise.
  ///
  /// A repeated equal length is refused too: RFC 9112 §6.3 lets a server do so.
  mutating func noteContentLength(_ bytes: Span<UInt8>, _ range: Range<Int>) -> ResponseStatus? {
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

  /// Takes a `Transfer-Encoding` value: `chunked` alone, and once; 501 for codings that are not
  /// known, 400 for a second line.
  mutating func noteTransferEncoding(
    _ bytes: Span<UInt8>,
    _ range: Range<Int>
  ) -> ResponseStatus? {
    guard !isChunked else { return .badRequest }
    guard bytes.equals("chunked", in: range) else { return .notImplemented }
    isChunked = true
    return nil
  }

  /// Sets what all fields together mean; 400 when they contradict each other.
  @inline(always)
  func apply(to head: inout RequestHead) -> ResponseStatus? {
    if isChunked {
      // Both lengths at once, or chunks in HTTP/1.0, are how requests are smuggled (§6.1).
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

/// The items of a comma-separated list, without the white space around them.
///
/// Source: RFC 9110 §5.6.1; empty items are skipped.
public struct ListItems: Sendable, BitwiseCopyable {
  private var position: Int
  private let end: Int

  /// The items in the bytes of `range`.
  public init(_ range: Range<Int>) {
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next item; nil after the last one.
  public mutating func next(_ bytes: Span<UInt8>) -> Range<Int>? {
    while position < end {
      var first = position
      while position < end, bytes[position] != UInt8(ascii: ",") { position &+= 1 }
      var last = position
      position &+= 1
      while first < last, bytes[first].isOptionalSpace { first &+= 1 }
      while last > first, bytes[last &- 1].isOptionalSpace { last &-= 1 }
      if first < last { return first..<last }
    }
    return nil
  }
}
