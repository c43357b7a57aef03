internal import StaticAssets

/// The answer to a request that a trusted proxy got over HTTP, where HTTPS is wanted.
enum HTTPSRedirect {
  /// Whether the request is to be sent to HTTPS.
  static func isDue(_ view: ForwardedView, _ policy: ForwardingPolicy) -> Bool {
    policy.redirectsToHTTPS && view.isSchemeTold && view.scheme == .http
  }

  /// Appends status line, `Location` and `Content-Length: 0`, without the empty line; false when
  /// the request names no host, or `*` and thus no resource, or there is no room, and then nothing
  /// is appended.
  ///
  /// 301 for GET and HEAD; 308 for the others, which are to be sent again as they are.
  static func append(
    _ head: RequestHead,
    _ bytes: Span<UInt8>,
    _ view: ForwardedView,
    to buffer: inout LoopBuffer
  ) -> Bool {
    let authority = view.host.isEmpty ? ForwardedFields.authority(head, bytes) : view.host
    let host = withoutPort(authority.range, bytes)
    let start = head.path.range.lowerBound
    let isAsterisk = !head.path.isEmpty && bytes[start] == UInt8(ascii: "*")
    guard !host.isEmpty, !isAsterisk,
      buffer.room >= host.count + head.target.range.count + 128
    else { return false }
    let isSafe = head.method == .get || head.method == .head
    buffer.append("HTTP/1.1 ")
    buffer.append(isSafe ? "301 Moved Permanently" : "308 Permanent Redirect")
    buffer.append("\r\nLocation: https://")
    buffer.append(bytes, ByteSlice(host))
    if head.path.isEmpty { buffer.append(UInt8(ascii: "/")) }
    buffer.append(bytes, ByteSlice(start..<head.target.range.upperBound))
    buffer.append("\r\nContent-Length: 0\r\n")
    return true
  }

  /// A port of HTTP says nothing about that of HTTPS.
  private static func withoutPort(_ range: Range<Int>, _ bytes: Span<UInt8>) -> Range<Int> {
    var end = range.upperBound
    while end > range.lowerBound, bytes[end - 1].isDigit { end -= 1 }
    let hasPort = end > range.lowerBound && bytes[end - 1] == UInt8(ascii: ":")
    return hasPort ? range.lowerBound..<end - 1 : range
  }
}
