/// The request line: method, target and version.
///
/// Source: RFC 9112 §3.
enum RequestLine {
  /// Parses the line at `position` and moves `position` after its CRLF.
  @inline(always)
  static func parse(
    _ bytes: Span<UInt8>,
    at position: inout Int,
    limits: RequestLimits,
    into head: inout RequestHead
  ) -> RequestHeadParser.Outcome {
    let methodStart = position
    while position < bytes.count, bytes[position].isTokenCharacter { position &+= 1 }
    guard position < bytes.count else { return .incomplete }
    guard bytes[position] == .space, position > methodStart else { return .rejected(.badRequest) }
    head.method = method(bytes, methodStart..<position)
    position &+= 1

    let targetStart = position
    position = bytes.firstIndexOutsideTarget(from: position)
    let targetCount = position &- targetStart
    guard targetCount <= limits.targetBytesMax else { return .rejected(.targetTooLong) }
    guard position < bytes.count else { return .incomplete }
    guard bytes[position] == .space, targetCount > 0 else { return .rejected(.badRequest) }
    head.target = ByteSlice(offset: targetStart, count: targetCount)
    position &+= 1

    let version = parseVersion(bytes, at: &position, into: &head)
    guard version == .complete else { return version }
    head.requestLine = ByteSlice(offset: methodStart, count: position &- methodStart &- 2)
    guard let path = path(of: head.target, method: head.method, in: bytes) else {
      let isConnect = isMethod("connect", bytes, methodStart..<(targetStart &- 1))
      return .rejected(isConnect ? .notImplemented : .badRequest)
    }
    head.path = path
    return .complete
  }

  @inline(always)
  private static func method(_ bytes: Span<UInt8>, _ range: Range<Int>) -> RequestMethod {
    switch bytes[range.lowerBound] {
    case UInt8(ascii: "G") where isMethod("get", bytes, range): return .get
    case UInt8(ascii: "H") where isMethod("head", bytes, range): return .head
    case UInt8(ascii: "O") where isMethod("options", bytes, range): return .options
    default: return .other
    }
  }

  /// Whether the token in `range` is the method `text`, given in lower case.
  @inline(always)
  private static func isMethod(
    _ text: StaticString,
    _ bytes: Span<UInt8>,
    _ range: Range<Int>
  ) -> Bool {
    // `equals` ignores case and methods are case-sensitive: 0x20 is clear in all capitals.
    guard bytes.equals(text, in: range) else { return false }
    for index in range where bytes[index] & 0x20 != 0 { return false }
    return true
  }

  /// Parses `HTTP/x.y` and CRLF.
  @inline(always)
  private static func parseVersion(
    _ bytes: Span<UInt8>,
    at position: inout Int,
    into head: inout RequestHead
  ) -> RequestHeadParser.Outcome {
    // Byte by byte, so that an invalid version is refused before the line is complete.
    let form: StaticString = "HTTP/0.0\r\n"
    let start = position
    for offset in 0..<form.utf8CodeUnitCount {
      guard start &+ offset < bytes.count else { return .incomplete }
      let byte = bytes[start &+ offset]
      // `offset` is below the literal's count.
      let expected = unsafe form.utf8Start[offset]
      let isDigit = expected == UInt8(ascii: "0")
      guard isDigit ? byte &- UInt8(ascii: "0") < 10 : byte == expected else {
        return .rejected(.badRequest)
      }
    }
    position = start &+ form.utf8CodeUnitCount
    guard bytes[start &+ 5] == UInt8(ascii: "1") else { return .rejected(.versionNotSupported) }
    head.isVersion10 = bytes[start &+ 7] == UInt8(ascii: "0")
    head.keepsAlive = !head.isVersion10
    return .complete
  }

  /// The path of a target in origin-form, absolute-form or asterisk-form; nil for any other.
  ///
  /// Source: RFC 9112 §3.2.
  @inline(always)
  private static func path(
    of target: ByteSlice,
    method: RequestMethod,
    in bytes: Span<UInt8>
  ) -> ByteSlice? {
    let range = target.range
    if bytes[range.lowerBound] == UInt8(ascii: "/") { return withoutQuery(range, in: bytes) }
    if target.count == 1, bytes[range.lowerBound] == UInt8(ascii: "*") {
      return method == .options ? target : nil
    }
    return absolutePath(range, in: bytes)
  }

  private static func absolutePath(_ range: Range<Int>, in bytes: Span<UInt8>) -> ByteSlice? {
    var scheme = range.lowerBound
    while scheme < range.upperBound, bytes[scheme].isTokenCharacter { scheme &+= 1 }
    let name = range.lowerBound..<scheme
    guard bytes.equals("http", in: name) || bytes.equals("https", in: name),
      scheme &+ 3 < range.upperBound, bytes[scheme] == UInt8(ascii: ":"),
      bytes[scheme &+ 1] == UInt8(ascii: "/"), bytes[scheme &+ 2] == UInt8(ascii: "/")
    else { return nil }
    var end = scheme &+ 3
    while end < range.upperBound, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "?") {
      end &+= 1
    }
    // The host must not be empty; user information is refused (RFC 9110 §4.2.1, §4.2.4).
    let authority = (scheme &+ 3)..<end
    guard !authority.isEmpty, bytes[authority.lowerBound] != UInt8(ascii: ":"),
      HostValue.isValid(bytes, authority)
    else { return nil }
    // Without a path after the authority the slice is empty, which matches no file.
    return withoutQuery(end..<range.upperBound, in: bytes)
  }

  @inline(always)
  private static func withoutQuery(_ range: Range<Int>, in bytes: Span<UInt8>) -> ByteSlice {
    let end = bytes.firstIndex(of: UInt8(ascii: "?"), in: range)
    return ByteSlice(offset: range.lowerBound, count: end &- range.lowerBound)
  }
}
