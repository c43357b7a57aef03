/// Parses request heads strictly: a head that two servers could interpret differently is refused.
///
/// Required are: CRLF as line end, no white space before the colon, no line folding, and one value
/// for the length. Nothing is copied or allocated.
///
/// Source: RFC 9112 §2 to §6, RFC 9110 §5 and §7.2.
package enum RequestHeadParser {
  /// The result of parsing the start of a buffer.
  package enum Outcome: Equatable, Sendable {
    /// A complete head; the `RequestHead` is valid, and the content begins at its `byteCount`.
    case complete
    /// The head is not complete: parse again from the start when more bytes have been received.
    case incomplete
    /// The request cannot be served: send this status and close the connection.
    case rejected(ResponseStatus)
  }

  /// Parses the request head at the start of `bytes`.
  ///
  /// - Parameters:
  ///   - bytes: received bytes; may include further requests.
  ///   - limits: the limits of the head.
  ///   - head: overwritten; valid only when the outcome is `.complete`.
  package static func parse(
    _ bytes: Span<UInt8>,
    limits: RequestLimits,
    into head: inout RequestHead
  ) -> Outcome {
    head = RequestHead()
    // Bytes beyond the limit are ignored, so that the outcome does not depend on how many have been
    // received.
    let bytes = bytes.extracting(first: limits.headBytesMax)
    var position = skipEmptyLines(bytes)
    // A CR alone may be the first half of an empty line.
    if position == bytes.count &- 1, bytes[position] == .carriageReturn {
      return bounded(.incomplete, bytes, limits)
    }
    let line = RequestLine.parse(bytes, at: &position, limits: limits, into: &head)
    guard line == .complete else { return bounded(line, bytes, limits) }
    let fields = FieldLines.parse(bytes, at: &position, limits: limits, into: &head)
    guard fields == .complete else { return bounded(fields, bytes, limits) }
    head.byteCount = position
    return .complete
  }

  /// The position after empty lines, which some clients send after a request (RFC 9112 §2.2).
  @inline(always)
  private static func skipEmptyLines(_ bytes: Span<UInt8>) -> Int {
    var position = 0
    while position &+ 1 < bytes.count, bytes[position] == .carriageReturn,
      bytes[position &+ 1] == .lineFeed
    {
      position &+= 2
    }
    return position
  }

  /// `outcome`, or 431 for an incomplete head that has reached the limit.
  private static func bounded(
    _ outcome: Outcome,
    _ bytes: Span<UInt8>,
    _ limits: RequestLimits
  ) -> Outcome {
    guard outcome == .incomplete, bytes.count >= limits.headBytesMax else { return outcome }
    return .rejected(.fieldsTooLarge)
  }
}

extension UInt8 {
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let space: UInt8 = 0x20
  static let horizontalTab: UInt8 = 0x09

  /// Whether the byte may be part of a token, such as a method or a field name.
  ///
  /// Source: RFC 9110 §5.6.2.
  @inline(always)
  var isTokenCharacter: Bool {
    // A bit set of the 128 ASCII codes, in two halves.
    let low: UInt64 = 0x03FF_6CFA_0000_0000
    let high: UInt64 = 0x57FF_FFFF_C7FF_FFFE
    guard self < 128 else { return false }
    return (self < 64 ? low >> UInt64(self) : high >> UInt64(self &- 64)) & 1 == 1
  }

  /// Whether the byte is optional white space (RFC 9110 §5.6.3).
  @inline(always)
  var isOptionalSpace: Bool { self == .space || self == .horizontalTab }
}
