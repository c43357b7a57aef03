/// Reads request heads, strictly: what two servers could read in two ways is refused.
///
/// Lines end with CRLF alone, field names are followed by the colon at once, there is no line
/// folding, and lengths are said once. Nothing is copied or allocated.
///
/// Source: RFC 9112 §2 to §6, RFC 9110 §5 and §7.2.
public enum RequestHeadParser {
  /// What a buffer starts with.
  public enum Outcome: Equatable, Sendable {
    /// A whole head, now in the `RequestHead`; the next request starts at its `byteCount`.
    case complete
    /// The beginning of a head; parse again from the start when more bytes have come.
    case incomplete
    /// No request that can be served: answer with this status and close the connection.
    case rejected(ResponseStatus)
  }

  /// Parses the request that starts with the first of `bytes`.
  ///
  /// - Parameters:
  ///   - bytes: what has been received and not been answered; may hold further requests.
  ///   - limits: what is refused as too large.
  ///   - head: overwritten; to be used only when the outcome is `.complete`.
  public static func parse(
    _ bytes: Span<UInt8>,
    limits: RequestLimits,
    into head: inout RequestHead
  ) -> Outcome {
    head = RequestHead()
    // What is behind the limit must not decide, or the verdict would depend on how much came at once.
    let bytes = bytes.extracting(first: limits.headBytesMax)
    var position = skipEmptyLines(bytes)
    // The first half of an empty line may be all that has come.
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

  /// `outcome`, but 431 for a head that is incomplete and already at its limit.
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

  /// Whether the byte may stand in a token such as a method or a field name.
  ///
  /// Source: RFC 9110 §5.6.2.
  @inline(always)
  var isTokenCharacter: Bool {
    // One bit for each of the 128 ASCII codes, low half and high half.
    let low: UInt64 = 0x03FF_6CFA_0000_0000
    let high: UInt64 = 0x57FF_FFFF_C7FF_FFFE
    guard self < 128 else { return false }
    return (self < 64 ? low >> UInt64(self) : high >> UInt64(self &- 64)) & 1 == 1
  }

  /// Whether the byte is optional white space between field parts (RFC 9110 §5.6.3).
  @inline(always)
  var isOptionalSpace: Bool { self == .space || self == .horizontalTab }
}
