internal import StaticAssets

/// Writes the field lines of the app's response for the client.
///
/// Hop-by-hop and framing fields and instructions to this server are removed. The caller appends
/// the framing for the client and the empty line.
///
/// A 426 response keeps `Upgrade`, which it must have, and gets `Connection: upgrade` (RFC 9110
/// §15.5.22, §7.8).
///
/// Source: RFC 9110 §7.6.1.
enum ForwardedResponseFields {
  /// The app's fields that are passed on.
  enum Selection: Equatable {
    /// All end-to-end fields.
    case all
    /// All end-to-end fields and `Trailer`, because trailer fields follow.
    case allAndTrailer
    /// The response is a file instead of the app's content: no field that describes the content's
    /// bytes; `Content-Type` and similar fields only if the file's content is sent.
    case besideFile(hasContent: Bool)
  }

  /// The values of the fields that this server adds.
  struct Addition {
    /// The range of the request's identifier in the app's head; sent unless the app sends one.
    var identifier: ByteSlice
    /// Whether the client came over HTTPS.
    var isSecure: Bool
    /// The time that the app took, in milliseconds; negative to send no `Server-Timing`.
    var appMilliseconds: Int64 = -1
  }

  /// The fields of the app that this server would otherwise add.
  struct Told: Equatable {
    var identifier = false
    var strictTransport = false
    /// Whether there is an `Upgrade` field, which `Connection` must list.
    var upgrade = false
  }

  /// Whether an interim response with `status`, 100 to 199, is passed on (RFC 9110 §15.2).
  ///
  /// 100 is not: this server has sent its own and received the content before it sent the request
  /// to the app (§10.1.1). 101 is not an interim response but switches the protocol. An HTTP/1.0
  /// client does not know interim responses.
  static func passesInterim(status: UInt16, isVersion10: Bool) -> Bool {
    !isVersion10 && (102...199).contains(status)
  }

  /// The limit of bytes that `appendOurs` appends.
  static let addedBytesMax = 256 + ForwardedView.identifierBytesMax

  /// Appends the app's lines of `head`, which was parsed from `bytes`; they must fit `room`.
  static func append(
    _ head: UpstreamResponseHead,
    _ bytes: Span<UInt8>,
    _ selection: Selection = .all,
    to buffer: inout ByteBuffer
  ) -> Told {
    var told = Told()
    var cursor = FieldCursor(head.fieldLines)
    while let line = cursor.next(bytes) {
      // `Connection: upgrade` lists the field as hop-by-hop, but 426 requires it.
      if head.status == 426, bytes.isName("upgrade", line.name) {
        told.upgrade = true
        buffer.append(bytes, line.whole)
        continue
      }
      guard isForClient(line.name, bytes, selection), !head.connection.contains(line.name, bytes)
      else { continue }
      if bytes.isName("x-request-id", line.name) { told.identifier = true }
      // Kept on HTTP too: a proxy that does not report the scheme may have used HTTPS.
      if bytes.isName("strict-transport-security", line.name) { told.strictTransport = true }
      buffer.append(bytes, line.whole)
    }
    return told
  }

  /// Appends the fields that this server adds, except those that the app sent; at most
  /// `addedBytesMax` bytes.
  ///
  /// - Parameter appHead: the request head that was sent to the app.
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
    // `X-Accel-Redirect` and `X-Sendfile` are kept: a proxy in front may interpret them.
    case UInt8(ascii: "x"): bytes.isName("x-accel-buffering", name)
    default: false
    }
  }

  /// Whether the field describes the file's bytes or instructs this server about the file.
  private static func isOfFile(_ name: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    bytes.isName("accept-ranges", name) || bytes.isName("content-encoding", name)
      || bytes.isName("content-range", name) || bytes.isName("etag", name)
      || bytes.isName("last-modified", name) || bytes.hasName("x-accel-", in: name)
      || bytes.isName("x-sendfile", name)
  }

  /// Whether the field describes the content, which a 304 or an error response does not have.
  private static func isOfContent(_ name: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    bytes.isName("content-disposition", name) || bytes.isName("content-language", name)
      || bytes.isName("content-type", name)
  }
}

extension ByteBuffer {
  /// Appends the field line of `transport`, at most 100 bytes.
  mutating func append(_ transport: StrictTransport) {
    for byte in transport.fieldLine.utf8 { append(byte) }
  }
}
