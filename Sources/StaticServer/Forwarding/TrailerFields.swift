internal import StaticAssets

/// Fields behind the content of a response.
///
/// Source: RFC 9110 §6.5.
enum TrailerFields {
  /// Whether a field may follow the content: it is not about framing, routing, authentication or the
  /// content, which the recipient has read by then (RFC 9110 §6.5.1).
  static func mayPass(_ name: ByteSlice, _ bytes: Span<UInt8>) -> Bool {
    !refused.contains { bytes.spells($0, in: name) }
  }

  private static let refused: [StaticString] = [
    "age", "authorization", "cache-control", "connection", "content-encoding", "content-length",
    "content-range", "content-type", "date", "expires", "host", "keep-alive", "location",
    "proxy-authenticate", "proxy-connection", "retry-after", "set-cookie", "te", "trailer",
    "transfer-encoding", "upgrade", "vary", "www-authenticate",
  ]
}
