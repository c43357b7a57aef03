internal import StaticAssets

/// The head of a request as the app gets it.
///
/// Fields about the connection are left out, names that WSGI confuses with others are dropped, and
/// what `RequestFieldTable` lists as a proxy's to tell comes from us or from trusted peers.
///
/// Source: RFC 9110 §7.6, RFC 7239.
struct ForwardedFields: Sendable {
  /// The most bytes that `append` writes beyond those of the client's head.
  static let addedBytesMax = 2048

  /// The most bytes of a host with its port that are forwarded; a DNS name has at most 253.
  static let hostBytesMax = 261

  /// The `Host` of a request by HTTP/1.0 that has none.
  let defaultHost: [UInt8]
  /// Who is trusted, and what the app and clients are told.
  var policy = ForwardingPolicy()

  /// Fields for an app behind a server that is called `defaultHost`.
  init(defaultHost: [UInt8], policy: ForwardingPolicy = ForwardingPolicy()) {
    precondition(defaultHost.count <= Self.hostBytesMax)
    self.defaultHost = defaultHost
    self.policy = policy
  }

  /// What is known of the client of the request in `head`.
  ///
  /// - Parameters:
  ///   - head: parsed from `bytes`.
  ///   - peer: who is connected.
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

  /// Appends the request line and the fields for the app, without those that frame the content or
  /// upgrade the connection, and without the empty line.
  ///
  /// - Parameters:
  ///   - view: what `view(of:in:from:isSecure:)` returned for the same head.
  ///   - identifier: the request's, unless a trusted proxy gave one.
  ///   - milliseconds: now, since 1970.
  ///   - buffer: has room for `head.byteCount + addedBytesMax` bytes.
  /// - Returns: where in `buffer` the request's identifier stands; nil, and nothing is appended, for a
  ///   request that is to be refused with 400: `Connection` names more than sixteen fields, the host is
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

  /// Method and target in origin form; HTTP/1.1, which is our own version.
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

  /// The host that is asked for: that of an absolute target, else that of `Host`.
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

  /// The client's own lines, and those lines of a trusted proxy that are passed on unchanged.
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

  /// `Via` with all lines of the client as one, and us; the version is the one that it came by.
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

/// The host that is asked for, and what replaces it when there is none.
struct ForwardedHost {
  /// What the client sent; empty when it sent none.
  let authority: ByteSlice
  /// For a client of HTTP/1.0, which may omit `Host`; else empty.
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
