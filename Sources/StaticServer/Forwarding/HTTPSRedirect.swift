internal import StaticAssets

/// The redirect to HTTPS of a request that a trusted proxy received over HTTP.
enum HTTPSRedirect {
  /// The limit of the response's bytes without the target, its last lines included.
  static let addedBytesMax = 512

  /// Whether the request in `head`, which was parsed from `bytes`, must be redirected.
  static func isDue(
    _ head: RequestHead,
    _ bytes: Span<UInt8>,
    _ view: ForwardedView,
    _ policy: ForwardingPolicy,
    _ exemptions: RedirectExemptions
  ) -> Bool {
    policy.redirectsToHTTPS && view.isSchemeTold && view.scheme == .http
      && !exemptions.contain(head, bytes)
  }

  /// Appends the status line, `Location` and `Content-Length: 0`, without `Date` and the empty
  /// line.
  ///
  /// The status is 301 for GET and HEAD, 308 for other methods: after 301, clients may change the
  /// method to GET (RFC 9110 §15.4.2).
  ///
  /// - Parameter buffer: has `room` for the target and `addedBytesMax` bytes.
  /// - Returns: the status. Nil, and nothing is appended, if the request has no host, a host longer
  ///   than a DNS name, or the target `*`.
  static func append(
    _ head: RequestHead,
    _ bytes: Span<UInt8>,
    _ view: ForwardedView,
    _ policy: ForwardingPolicy,
    to buffer: inout ByteBuffer
  ) -> UInt16? {
    let authority = view.host.isEmpty ? ForwardedFields.authority(head, bytes) : view.host
    let host = withoutPort(authority.range, bytes)
    let hasHost = (1...ForwardedFields.hostBytesMax).contains(host.count)
    guard hasHost || policy.redirectHost != nil, !head.isForServer(bytes) else {
      return nil
    }
    let isSafe = head.method == .get || head.method == .head
    buffer.append("HTTP/1.1 ")
    buffer.append(isSafe ? "301 Moved Permanently" : "308 Permanent Redirect")
    buffer.append("\r\nLocation: https://")
    if let host = policy.redirectHost {
      for byte in host.utf8.prefix(ForwardedFields.hostBytesMax) { buffer.append(byte) }
    } else {
      buffer.append(bytes, ByteSlice(host))
    }
    if head.path.isEmpty { buffer.append(UInt8(ascii: "/")) }
    buffer.append(bytes, ByteSlice(head.path.range.lowerBound..<head.target.range.upperBound))
    buffer.append("\r\nContent-Length: 0\r\n")
    return isSafe ? 301 : 308
  }

  /// The host without its port, which is the port of HTTP.
  private static func withoutPort(_ range: Range<Int>, _ bytes: Span<UInt8>) -> Range<Int> {
    var end = range.upperBound
    while end > range.lowerBound, bytes[end - 1].isDigit { end -= 1 }
    let hasPort = end > range.lowerBound && bytes[end - 1] == UInt8(ascii: ":")
    return hasPort ? range.lowerBound..<end - 1 : range
  }
}
