internal import StaticAssets

/// Writes the head of a request for the app.
///
/// Hop-by-hop fields are removed. Names that WSGI maps to the same variable as another are dropped.
/// Fields that `RequestFieldTable` lists as claims come from this server or from trusted peers.
///
/// Source: RFC 9110 §7.6, RFC 7239.
struct ForwardedFields: Sendable {
  /// The limit of bytes that `append` writes beyond the length of the client's head.
  static let addedBytesMax = 2048

  /// The limit of a forwarded host with its port, in bytes; a DNS name has at most 253.
  static let hostBytesMax = 261

  /// The `Host` for an HTTP/1.0 request that has none.
  let defaultHost: [UInt8]
  /// The trusted peers, and the fields for the app and for clients.
  var policy = ForwardingPolicy()

  /// Fields for an app; `defaultHost` is the address of this server.
  init(defaultHost: [UInt8], policy: ForwardingPolicy = ForwardingPolicy()) {
    precondition(defaultHost.count <= Self.hostBytesMax)
    self.defaultHost = defaultHost
    self.policy = policy
  }

  /// The client of the request in `head`, as far as its peer is trusted.
  ///
  /// - Parameters:
  ///   - head: parsed from `bytes`.
  ///   - peer: the peer of the connection.
  ///   - isSecure: whether the connection is encrypted.
  func view(
    of head: RequestHead,
    in bytes: Span<UInt8>,
    from peer: PeerAddress,
    isSecure: Bool
  ) -> ForwardedView {
    ForwardedView(
      head,
      bytes,
      peer: peer,
      scheme: isSecure ? .https : .http,
      trust: policy.trust
    )
  }

  /// Appends the request line and the fields for the app.
  ///
  /// Framing fields, `Upgrade` and the empty line are not appended.
  ///
  /// - Parameters:
  ///   - view: the result of `view(of:in:from:isSecure:)` for the same head.
  ///   - identifier: the request's identifier, used unless a trusted proxy sent one.
  ///   - milliseconds: the current time since 1970.
  ///   - buffer: has `room` for `head.byteCount + addedBytesMax` bytes.
  /// - Returns: the range of the request's identifier in `buffer`. Nil, and nothing is appended, if
  ///   the request must be rejected with 400: `Connection` has more than 16 options, the host is
  ///   longer than a DNS name, or `Via` shows a loop.
  func append(
    _ head: RequestHead,
    in bytes: Span<UInt8>,
    _ view: ForwardedView,
    identifier: RequestIdentifier,
    milliseconds: Int64,
    to buffer: inout ByteBuffer
  ) -> ByteSlice? {
    let authority = Self.authority(head, bytes)
    guard !view.connectionOptions.isExcessive, !view.via.isLoop,
      max(authority.range.count, view.host.range.count) <= Self.hostBytesMax
    else { return nil }
    Self.appendRequestLine(head, bytes, to: &buffer)
    let host = ForwardedHost(
      authority: authority,
      standIn: head.isVersion10 ? defaultHost : []
    )
    buffer.append("Host: ")
    host.append(bytes, to: &buffer)
    buffer.append("\r\n")
    appendClientFields(head, bytes, view, to: &buffer)
    Self.appendVia(head, bytes, view, to: &buffer)
    let claims = ClaimWriter(
      fieldLines: head.fieldLines,
      host: host,
      view: view,
      forwardedFor: policy.forwardedFor,
      identifier: identifier,
      milliseconds: milliseconds
    )
    return claims.append(bytes, to: &buffer)
  }

  /// Appends the method, the target in origin form, and HTTP/1.1, the version of this server.
  private static func appendRequestLine(
    _ head: RequestHead,
    _ bytes: Span<UInt8>,
    to buffer: inout ByteBuffer
  ) {
    buffer.append(bytes, head.methodName)
    buffer.append(UInt8(ascii: " "))
    let start = head.path.range.lowerBound
    // `http://host` and `http://host?query` have no path (RFC 9112 §3.2.1).
    if head.path.isEmpty { buffer.append(UInt8(ascii: "/")) }
    let count = head.target.range.upperBound - start
    buffer.append(bytes, ByteSlice(offset: start, count: count))
    buffer.append(" HTTP/1.1\r\n")
  }

  /// The requested authority: that of an absolute-form target, else that of `Host`.
  ///
  /// Source: RFC 9112 §3.2.2.
  static func authority(_ head: RequestHead, _ bytes: Span<UInt8>) -> ByteSlice {
    let target = head.target.range
    guard head.path.range.lowerBound > target.lowerBound else { return head.host }
    var start = target.lowerBound
    while bytes[start] != UInt8(ascii: "/") { start &+= 1 }
    start &+= 2
    return ByteSlice(offset: start, count: head.path.range.lowerBound - start)
  }

  /// Appends the client's ordinary fields, and those of a trusted proxy that are forwarded
  /// unchanged.
  private func appendClientFields(
    _ head: RequestHead,
    _ bytes: Span<UInt8>,
    _ view: ForwardedView,
    to buffer: inout ByteBuffer
  ) {
    var cursor = FieldCursor(head.fieldLines)
    while let line = cursor.next(bytes) {
      let passes =
        switch bytes.forwardedFieldKind(line.name) {
        case .ordinary: !view.connectionOptions.contains(line.name, bytes)
        case .claim(.other):
          view.believed.contains(.other) || policy.trust.owns(line.name, bytes)
        case .claim(.scheme(let spelling)):
          view.believed.contains(.scheme)
            ? spelling.maySay(view.scheme, bytes, line.value)
            : spelling == .edge && policy.trust.owns(line.name, bytes)
        case .connectionSpecific, .connection, .via, .ambiguous, .claim: false
        }
      if passes { buffer.append(bytes, line.whole) }
    }
  }

  /// Appends `Via` with all received lines and this server; the version is that of the request.
  private static func appendVia(
    _ head: RequestHead,
    _ bytes: Span<UInt8>,
    _ view: ForwardedView,
    to buffer: inout ByteBuffer
  ) {
    var list = ListWriter("Via: ")
    if view.via.isPresent, !view.connectionOptions.contains("via", bytes) {
      list.append(.via, of: head.fieldLines, bytes, to: &buffer)
    }
    list.begin(in: &buffer)
    buffer.append(head.isVersion10 ? "1.0 " : "1.1 ")
    buffer.append(ViaList.pseudonym)
    list.finish(in: &buffer)
  }
}

/// The requested host, and its replacement if there is none.
struct ForwardedHost {
  /// The host that the client sent; empty if it sent none.
  let authority: ByteSlice
  /// The replacement for an HTTP/1.0 request without `Host`; else empty.
  let standIn: [UInt8]

  var isEmpty: Bool { authority.isEmpty && standIn.isEmpty }

  func append(_ bytes: Span<UInt8>, to buffer: inout ByteBuffer) {
    if authority.isEmpty {
      buffer.append(standIn)
    } else {
      buffer.append(bytes, authority)
    }
  }
}
