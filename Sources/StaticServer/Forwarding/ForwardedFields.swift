internal import StaticAssets

/// The head of a request as the app gets it.
///
/// No byte of it is a claim of the client's that the client could not make of itself: fields about
/// the connection are left out, names that WSGI confuses with others are dropped, and what proxies
/// tell comes from us or from peers that are trusted.
///
/// Source: RFC 9110 §7.6.1, RFC 7239.
struct ForwardedFields: Sendable {
  /// The most bytes that `append` writes beyond those of the client's head.
  static let addedBytesMax = 2048

  /// The most bytes of a host with its port that are forwarded: names have 253 at most.
  static let hostBytesMax = 261

  /// Stands for `Host` where an HTTP/1.0 client sends none.
  let defaultHost: [UInt8]
  /// Who is believed, and what clients are told.
  var policy = ForwardingPolicy()

  /// Fields for an app behind a server whose own name is `defaultHost`.
  init(defaultHost: [UInt8], policy: ForwardingPolicy = ForwardingPolicy()) {
    precondition(defaultHost.count <= Self.hostBytesMax)
    self.defaultHost = defaultHost
    self.policy = policy
  }

  /// Who is behind the request in `head`.
  ///
  /// - Parameters:
  ///   - head: parsed from `bytes`.
  ///   - peer: who connected.
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
  ///   - view: what `view(of:in:from:isSecure:)` has made of the same head.
  ///   - identifier: the request's, unless a trusted proxy has given one.
  ///   - milliseconds: now, since 1970.
  ///   - buffer: has room for `head.byteCount + addedBytesMax` bytes.
  /// - Returns: where in `buffer` the request's identifier stands; nil for a request that no honest
  ///   client sends, 400: `Connection` names more than sixteen fields, or the host is longer than
  ///   any. Nothing is appended then.
  func append(
    _ head: RequestHead,
    in bytes: Span<UInt8>,
    _ view: ForwardedView,
    identifier: RequestIdentifier,
    milliseconds: Int64,
    to buffer: inout ByteBuffer
  ) -> ByteSlice? {
    let authority = Self.authority(head, bytes)
    guard !view.connectionOptions.isExcessive,
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
    appendOrdinary(head, bytes, view, to: &buffer)
    let claims = ClaimWriter(
      fieldLines: head.fieldLines,
      host: host,
      view: view,
      identifier: identifier,
      milliseconds: milliseconds
    )
    return claims.append(bytes, to: &buffer)
  }

  /// Method and target in origin form; HTTP/1.1, as we speak it ourselves.
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

  /// The host that the client wants: that of an absolute target, or the `Host` field's.
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

  private func appendOrdinary(
    _ head: RequestHead,
    _ bytes: Span<UInt8>,
    _ view: ForwardedView,
    to buffer: inout ByteBuffer
  ) {
    var cursor = FieldCursor(head.fieldLines)
    while let line = cursor.next(bytes) {
      switch bytes.forwardedFieldKind(line.name) {
      case .ordinary:
        guard !view.connectionOptions.contains(line.name, bytes) else { continue }
        buffer.append(bytes, line.whole)
      case .claim(.other):
        if isBelieved(line.name, bytes, view) { buffer.append(bytes, line.whole) }
      case .connectionSpecific, .connection, .ambiguous, .claim: break
      }
    }
  }

  private func isBelieved(
    _ name: Range<Int>,
    _ bytes: Span<UInt8>,
    _ view: ForwardedView
  ) -> Bool {
    if view.believed.contains(.other) { return true }
    guard let prefix = policy.trust.ownPrefix else { return false }
    return bytes.hasName(prefix, in: name)
  }
}

/// The host that was asked for, and what stands for it where none was.
struct ForwardedHost {
  /// As the client sent it; empty when it sent none.
  let authority: ByteSlice
  /// For a client that need not send one; else empty.
  let standIn: [UInt8]

  func append(_ bytes: Span<UInt8>, to buffer: inout ByteBuffer) {
    if authority.isEmpty {
      buffer.append(standIn)
    } else {
      buffer.append(bytes, authority)
    }
  }
}
