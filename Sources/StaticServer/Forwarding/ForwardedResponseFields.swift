internal import StaticAssets

/// The field lines of the app's response as the client gets them.
///
/// Fields about the connection to the app, its framing and orders to us are left out. The caller
/// writes how the content is framed for the client, and the empty line.
///
/// A 426 keeps `Upgrade`, which it must have, and gets `Connection: upgrade` (RFC 9110 §15.5.22, §7.8).
///
/// Source: RFC 9110 §7.6.1.
enum ForwardedResponseFields {
  /// Which of the app's fields are passed on.
  enum Selection: Equatable {
    /// Those that are for the client.
    case all
    /// These and `Trailer`, because trailers follow.
    case allAndTrailer
    /// Those that say nothing of a file that is sent instead of the app's content; those that
    /// describe content only if the file's is sent.
    case besideFile(hasContent: Bool)
  }

  /// What our fields are made of.
  struct Addition {
    /// Where the app's head has the identifier of the request, which is sent unless the app sends
    /// one.
    var identifier: ByteSlice
    /// Whether the client came over HTTPS.
    var isSecure: Bool
    /// Milliseconds that the app took; negative when that is not to be told.
    var appMilliseconds: Int64 = -1
  }

  /// What the app's fields contain of what we would add.
  struct Told: Equatable {
    var identifier = false
    var strictTransport = false
    /// Whether there is an `Upgrade` field, which `Connection` has to name.
    var upgrade = false
  }

  /// Whether an interim response of `status`, from 100 to 199, is for the client (RFC 9110 §15.2).
  ///
  /// 100 is left out, because the content was asked for and taken before the app got the request
  /// (§10.1.1); 101 is the end of HTTP on the connection, and no interim response. A client of HTTP/1.0
  /// knows none.
  static func passesInterim(status: UInt16, isVersion10: Bool) -> Bool {
    !isVersion10 && (102...199).contains(status)
  }

  /// The most bytes that `appendOurs` appends.
  static let addedBytesMax = 256 + ForwardedView.identifierBytesMax

  /// Appends the app's lines of `head`, which was parsed from `bytes`; there must be room for them.
  static func append(
    _ head: UpstreamResponseHead,
    _ bytes: Span<UInt8>,
    _ selection: Selection = .all,
    to buffer: inout ByteBuffer
  ) -> Told {
    var told = Told()
    var cursor = FieldCursor(head.fieldLines)
    while let line = cursor.next(bytes) {
      // `Connection: upgrade` names the field, which is kept all the same.
      if head.status == 426, bytes.isName("upgrade", line.name) {
        told.upgrade = true
        buffer.append(bytes, line.whole)
        continue
      }
      guard isForClient(line.name, bytes, selection), !head.connection.contains(line.name, bytes)
      else { continue }
      if bytes.isName("x-request-id", line.name) { told.identifier = true }
      // It stays even where we know of no HTTPS: a proxy that says nothing may have spoken it.
      if bytes.isName("strict-transport-security", line.name) { told.strictTransport = true }
      buffer.append(bytes, line.whole)
    }
    return told
  }

  /// Appends our fields, except those that the app sent, at most `addedBytesMax` bytes.
  ///
  /// - Parameter appHead: the request's head as the app got it.
  static func appendOurs(
    beside told: Told,
    _ addition: Addition,
    _ appHead: Span<UInt8>,
    _ policy: ForwardingPolicy,
    to buffer: inout ByteBuffer
  ) {
    if told.upgrade { buffer.append("Connection: upgrade\r\n") }
    if !told.identifier {
      buffer.append("X-Request-Id: ")
      buffer.append(appHead, addition.identifier)
      buffer.append("\r\n")
    }
    if addition.isSecure, !told.strictTransport, let transport = policy.strictTransport {
      buffer.append(transport)
    }
    if policy.sendsServerTiming, addition.appMilliseconds >= 0 {
      buffer.append("Server-Timing: app;dur=")
      buffer.append(decimal: addition.appMilliseconds)
      buffer.append("\r\n")
    }
  }

  private static func isForClient(
    _ name: Range<Int>,
    _ bytes: Span<UInt8>,
    _ selection: Selection
  ) -> Bool {
    switch selection {
    case .all: break
    case .allAndTrailer: if bytes.isName("trailer", name) { return true }
    case .besideFile(let hasContent):
      if isOfFile(name, bytes) || (!hasContent && isOfContent(name, bytes)) { return false }
    }
    return !isConnectionSpecific(name, bytes)
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
    // `X-Accel-Redirect` and `X-Sendfile` stay: a proxy before us may act on them.
    case UInt8(ascii: "x"): bytes.isName("x-accel-buffering", name)
    default: false
    }
  }

  /// Whether the field describes the file's bytes, or is an order to us about the file.
  private static func isOfFile(_ name: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    bytes.isName("accept-ranges", name) || bytes.isName("content-encoding", name)
      || bytes.isName("content-range", name) || bytes.isName("etag", name)
      || bytes.isName("last-modified", name) || bytes.hasName("x-accel-", in: name)
      || bytes.isName("x-sendfile", name)
  }

  /// Whether the field describes content, which a 304 or an error has not of the file.
  private static func isOfContent(_ name: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    bytes.isName("content-disposition", name) || bytes.isName("content-language", name)
      || bytes.isName("content-type", name)
  }
}

extension ByteBuffer {
  /// Appends the field line of `transport`, at most 100 bytes.
  mutating func append(_ transport: StrictTransport) {
    append("Strict-Transport-Security: max-age=")
    append(decimal: Int64(transport.maxAge))
    if transport.includesSubdomains { append("; includeSubDomains") }
    if transport.isPreloaded { append("; preload") }
    append("\r\n")
  }
}
