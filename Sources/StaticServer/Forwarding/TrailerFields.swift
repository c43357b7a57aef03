internal import StaticAssets

/// Trailer fields of a response.
///
/// Source: RFC 9110 §6.5.
enum TrailerFields {
  /// Whether a field is allowed in a trailer section (RFC 9110 §6.5.1).
  ///
  /// Refused are fields for framing, routing, authentication and content handling, which the
  /// recipient needs before the content.
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
