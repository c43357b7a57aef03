internal import StaticAssets

/// Writes the fields that tell the app about the client: `X-Forwarded-For` and those beside it.
struct ClaimWriter {
  /// All fields of the peer.
  let fieldLines: ByteSlice
  let host: ForwardedHost
  let view: ForwardedView
  /// What `X-Forwarded-For` and `Forwarded` hold.
  let forwardedFor: ForwardedFor
  /// The request's, unless a trusted proxy gave one.
  let identifier: RequestIdentifier
  /// Now, in milliseconds since 1970.
  let milliseconds: Int64

  /// Appends all fields, for which there must be room; returns where in `buffer` the request's
  /// identifier stands.
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

  /// `X-Forwarded-For` with the client alone; nothing when its address is not known.
  private func appendClient(to buffer: inout ByteBuffer) {
    guard view.client.kind != .unix else { return }
    buffer.append("X-Forwarded-For: ")
    buffer.append(view.client)
    buffer.append("\r\n")
  }

  /// `X-Forwarded-For` with all lines of a trusted peer as one, and the peer; of any other peer, the
  /// peer alone.
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

  /// `Forwarded`, for a peer that is trusted to send it: one element about the client, or the lines of
  /// the peer as one and an element about the peer.
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

  /// The port that a trusted proxy names, else that of the host, else that of the scheme.
  private func appendPort(_ bytes: Span<UInt8>, to buffer: inout ByteBuffer) {
    guard view.port.isEmpty else {
      buffer.append(bytes, view.port)
      return
    }
    let host = view.host.isEmpty ? self.host.authority : view.host
    var start = host.range.upperBound
    while start > host.range.lowerBound, bytes[start - 1].isDigit { start -= 1 }
    let port = start..<host.range.upperBound
    if (1...5).contains(port.count), start > host.range.lowerBound,
      bytes[start - 1] == UInt8(ascii: ":")
    {
      buffer.append(bytes, ByteSlice(port))
    } else {
      buffer.append(decimal: view.scheme.defaultPort)
    }
  }
}
