internal import StaticAssets

/// The field lines of the app's response as the client gets them.
///
/// What concerns the connection to the app, the framing and orders to a proxy are left out; how the
/// content is framed for the client is the caller's to write, as is the empty line.
///
/// Source: RFC 9110 §7.6.1.
enum ForwardedResponseFields {
  /// What a response does not tell itself.
  struct Addition {
    /// The identifier of its request as the app got it, sent unless the app sends one; at most
    /// `ForwardedView.identifierBytesMax` bytes.
    var identifier: [UInt8]
    /// Whether the client came over HTTPS.
    var isSecure: Bool
    /// Milliseconds that the app took; negative when that is not to be told.
    var appMilliseconds: Int64 = -1
  }

  /// Appends the lines, which a parser has accepted, and ours; false when there is no room or
  /// `Connection` names too many fields, and then nothing is appended.
  static func append(
    _ lines: ByteSlice,
    _ bytes: Span<UInt8>,
    _ addition: Addition,
    _ policy: ForwardingPolicy,
    to buffer: inout LoopBuffer
  ) -> Bool {
    guard buffer.room >= lines.range.count + additionByteCountMax else { return false }
    var options = ConnectionOptions()
    var scan = FieldCursor(lines)
    while let line = scan.next(bytes) {
      if bytes.isName("connection", line.name) { options.add(bytes, line.value) }
    }
    guard !options.isExcessive else { return false }
    var hasIdentifier = false
    var hasStrictTransport = false
    var cursor = FieldCursor(lines)
    while let line = cursor.next(bytes) {
      guard !isConnectionSpecific(line.name, bytes), !options.contains(line.name, bytes) else {
        continue
      }
      if bytes.isName("x-request-id", line.name) { hasIdentifier = true }
      // It stays even where we know of no HTTPS: a proxy that says nothing may have spoken it.
      if bytes.isName("strict-transport-security", line.name) { hasStrictTransport = true }
      buffer.append(bytes, line.whole)
    }
    if !hasIdentifier { appendIdentifier(addition.identifier, to: &buffer) }
    if addition.isSecure, !hasStrictTransport, let transport = policy.strictTransport {
      buffer.append(transport)
    }
    if policy.sendsServerTiming, addition.appMilliseconds >= 0 {
      buffer.append("Server-Timing: app;dur=")
      buffer.append(decimal: addition.appMilliseconds)
      buffer.append("\r\n")
    }
    return true
  }

  /// Bytes of the three lines that may be added.
  static let additionByteCountMax = 256 + ForwardedView.identifierBytesMax

  private static func appendIdentifier(
    _ identifier: [UInt8],
    to buffer: inout LoopBuffer
  ) {
    buffer.append("X-Request-Id: ")
    buffer.append(identifier)
    buffer.append("\r\n")
  }

  private static func isConnectionSpecific(_ name: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    switch bytes[name.lowerBound] | 0x20 {
    case UInt8(ascii: "c"):
      bytes.isName("connection", name) || bytes.isName("content-length", name)
    case UInt8(ascii: "k"): bytes.isName("keep-alive", name)
    case UInt8(ascii: "p"):
      bytes.isName("proxy-connection", name) || bytes.isName("proxy-authenticate", name)
    case UInt8(ascii: "t"):
      bytes.isName("te", name) || bytes.isName("trailer", name)
        || bytes.isName("transfer-encoding", name)
    case UInt8(ascii: "u"): bytes.isName("upgrade", name)
    case UInt8(ascii: "x"):
      bytes.hasName("x-accel-", in: name) || bytes.isName("x-sendfile", name)
    default: false
    }
  }
}

extension LoopBuffer {
  /// Appends the field line of `transport`, at most 100 bytes.
  mutating func append(_ transport: StrictTransport) {
    append("Strict-Transport-Security: max-age=")
    append(decimal: Int64(transport.maxAge))
    if transport.includesSubdomains { append("; includeSubDomains") }
    if transport.isPreloaded { append("; preload") }
    append("\r\n")
  }
}
