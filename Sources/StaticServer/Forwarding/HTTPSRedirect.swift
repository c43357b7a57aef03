internal import StaticAssets

/// The redirect of a request that a trusted proxy got over HTTP to HTTPS.
enum HTTPSRedirect {
  /// The most bytes of a response beyond those of the target, its last lines included.
  static let addedBytesMax = 512

  /// Whether the request is to be sent to HTTPS.
  static func isDue(_ view: ForwardedView, _ policy: ForwardingPolicy) -> Bool {
    policy.redirectsToHTTPS && view.isSchemeTold && view.scheme == .http
  }

  /// Appends status line, `Location` and `Content-Length: 0`, without `Date` and the empty line.
  ///
  /// 301 for GET and HEAD; 308 for other methods, because after 301 clients may send GET instead
  /// (RFC 9110 §15.4.2).
  ///
  /// - Parameter buffer: has room for the target and `addedBytesMax` bytes.
  /// - Returns: the status; nil when the request names no host, or one longer than any, or `*` and
  ///   thus no resource, and then nothing is appended.
  static func append(
    _ head: RequestHead,
    _ bytes: Span<UInt8>,
    _ view: ForwardedView,
    to buffer: inout ByteBuffer
  ) -> UInt16? {
    let authority = view.host.isEmpty ? ForwardedFields.authority(head, bytes) : view.host
    let host = withoutPort(authority.range, bytes)
    guard (1...ForwardedFields.hostBytesMax).contains(host.count), !head.isForServer(bytes) else {
      return nil
    }
    let isSafe = head.method == .get || head.method == .head
    buffer.append("HTTP/1.1 ")
    buffer.append(isSafe ? "301 Moved Permanently" : "308 Permanent Redirect")
    buffer.append("\r\nLocation: https://")
    buffer.append(bytes, ByteSlice(host))
    if head.path.isEmpty { buffer.append(UInt8(ascii: "/")) }
    buffer.append(bytes, ByteSlice(head.path.range.lowerBound..<head.target.range.upperBound))
    buffer.append("\r\nContent-Length: 0\r\n")
    return isSafe ? 301 : 308
  }

  /// The host without its port: that of HTTP is not that of HTTPS.
  private static func withoutPort(_ range: Range<Int>, _ bytes: Span<UInt8>) -> Range<Int> {
    var end = range.upperBound
    while end > range.lowerBound, bytes[end - 1].isDigit { end -= 1 }
    let hasPort = end > range.lowerBound && bytes[end - 1] == UInt8(ascii: ":")
    return hasPort ? range.lowerBound..<end - 1 : range
  }
}
