internal import StaticAssets

/// Writes the fields that describe the client to the app: `X-Forwarded-For` and similar ones.
struct ClaimWriter {
  /// All field lines of the peer's request.
  let fieldLines: ByteSlice
  let host: ForwardedHost
  let view: ForwardedView
  /// The content of `X-Forwarded-For` and `Forwarded`.
  let forwardedFor: ForwardedFor
  /// The request's identifier, used unless a trusted proxy sent one.
  let identifier: RequestIdentifier
  /// The current time in milliseconds since 1970.
  let milliseconds: Int64

  /// Appends all fields, which must fit `room`; returns the range of the identifier in `buffer`.
  func append(_ bytes: Span<UInt8>, to buffer: inout ByteBuffer) -> ByteSlice {
    switch forwardedFor {
    case .client: appendClient(to: &buffer)
    case .chain: appendChain(bytes, to: &buffer)
    }
    if view.client.kind != .unix {
      buffer.append("X-Real-IP: ")
      buffer.append(view.client)
      buffer.append("\r\n")
    }
    buffer.append("X-Forwarded-Proto: ")
    buffer.append(view.scheme.name)
    buffer.append("\r\nX-Forwarded-Host: ")
    appendHost(bytes, to: &buffer)
    buffer.append("\r\nX-Forwarded-Port: ")
    appendPort(bytes, to: &buffer)
    buffer.append("\r\n")
    if view.hasForwarded { appendForwarded(bytes, to: &buffer) }
    buffer.append("X-Request-Id: ")
    let start = buffer.count
    if view.requestID.isEmpty {
      buffer.append(identifier)
    } else {
      buffer.append(bytes, view.requestID)
    }
    let place = ByteSlice(offset: start, count: buffer.count - start)
    buffer.append("\r\nX-Request-Start: ")
    if view.requestStart.isEmpty {
      buffer.append("t=")
      buffer.append(decimal: milliseconds)
    } else {
      buffer.append(bytes, view.requestStart)
    }
    buffer.append("\r\n")
    return place
  }

  /// Appends `X-Forwarded-For` with only the client; nothing if the client's address is unknown.
  private func appendClient(to buffer: inout ByteBuffer) {
    guard view.client.kind != .unix else { return }
    buffer.append("X-Forwarded-For: ")
    buffer.append(view.client)
    buffer.append("\r\n")
  }

  /// Appends `X-Forwarded-For` with the peer as its last entry.
  ///
  /// If the peer is trusted, all its lines come first, joined in one.
  private func appendChain(_ bytes: Span<UInt8>, to buffer: inout ByteBuffer) {
    var list = ListWriter("X-Forwarded-For: ")
    if view.believed.contains(.forwardedFor) {
      list.append(.claim(.forwardedFor), of: fieldLines, bytes, to: &buffer)
    }
    if !list.hasBegun, view.client != view.peer {
      list.begin(in: &buffer)
      buffer.append(view.client)
    }
    if view.peer.kind != .unix {
      list.begin(in: &buffer)
      buffer.append(view.peer)
    }
    list.finish(in: &buffer)
  }

  /// Appends `Forwarded`, if the peer is trusted to send it.
  ///
  /// It has one element about the client; in a chain, the peer's elements and one about the peer.
  private func appendForwarded(_ bytes: Span<UInt8>, to buffer: inout ByteBuffer) {
    var list = ListWriter("Forwarded: ")
    if forwardedFor == .chain, !view.isForwardedMalformed {
      list.append(.claim(.forwarded), of: fieldLines, bytes, to: &buffer)
    }
    list.begin(in: &buffer)
    switch forwardedFor {
    case .client:
      appendNode(view.client, to: &buffer)
      if !view.host.isEmpty || !host.isEmpty {
        buffer.append(";host=\"")
        appendHost(bytes, to: &buffer)
        buffer.append("\"")
      }
      buffer.append(";proto=")
      buffer.append(view.scheme.name)
    case .chain:
      appendNode(view.peer, to: &buffer)
      buffer.append(";proto=")
      buffer.append(view.connectionScheme.name)
    }
    list.finish(in: &buffer)
  }

  private func appendNode(_ address: PeerAddress, to buffer: inout ByteBuffer) {
    buffer.append("for=")
    switch address.kind {
    case .ipv4: buffer.append(address)
    case .ipv6:
      buffer.append("\"[")
      buffer.append(address)
      buffer.append("]\"")
    case .unix: buffer.append("unknown")
    }
  }

  private func appendHost(_ bytes: Span<UInt8>, to buffer: inout ByteBuffer) {
    guard view.host.isEmpty else {
      buffer.append(bytes, view.host)
      return
    }
    host.append(bytes, to: &buffer)
  }

  /// Appends the port: of a trusted proxy's field, else of the host, else the default of the
  /// scheme.
  private func appendPort(_ bytes: Span<UInt8>, to buffer: inout ByteBuffer) {
    guard view.port.isEmpty else {
      buffer.append(bytes, view.port)
      return
    }
    // A request of HTTP/1.0 without Host gets one that stands in for it.
    guard !view.host.isEmpty || !host.authority.isEmpty || host.standIn.isEmpty else {
      appendPort(of: host.standIn.span, 0..<host.standIn.count, to: &buffer)
      return
    }
    let host = view.host.isEmpty ? self.host.authority : view.host
    appendPort(of: bytes, host.range, to: &buffer)
  }

  /// Appends the port at the end of the host in `range` of `bytes`, else the default of the scheme.
  private func appendPort(
    of bytes: Span<UInt8>,
    _ range: Range<Int>,
    to buffer: inout ByteBuffer
  ) {
    var start = range.upperBound
    while start > range.lowerBound, bytes[start - 1].isDigit { start -= 1 }
    let port = start..<range.upperBound
    if (1...5).contains(port.count), start > range.lowerBound,
      bytes[start - 1] == UInt8(ascii: ":")
    {
      buffer.append(bytes, ByteSlice(port))
    } else {
      buffer.append(decimal: view.scheme.defaultPort)
    }
  }
}
