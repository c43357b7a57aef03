internal import StaticAssets

/// Writes what a proxy tells about the client: X-Forwarded-For and its kin.
struct ClaimWriter {
  /// All that the peer said.
  let fieldLines: ByteSlice
  let host: ForwardedHost
  let view: ForwardedView
  /// The request's, unless a trusted proxy has given one.
  let identifier: RequestIdentifier
  /// Now, since 1970.
  let milliseconds: Int64

  /// Appends all of the fields, for which there must be room; returns where in `buffer` the request's
  /// identifier stands.
  func append(_ bytes: Span<UInt8>, to buffer: inout ByteBuffer) -> ByteSlice {
    appendForwardedFor(bytes, to: &buffer)
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
    if view.believed.contains(.forwarded) { appendForwarded(bytes, to: &buffer) }
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

  /// All lines of a trusted peer as one, and the peer; of any other peer, the peer alone.
  private func appendForwardedFor(_ bytes: Span<UInt8>, to buffer: inout ByteBuffer) {
    var list = ListWriter("X-Forwarded-For: ")
    if view.believed.contains(.forwardedFor) {
      appendValues(.forwardedFor, bytes, &list, to: &buffer)
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

  /// The lines of a trusted peer as one, and an element of ours.
  private func appendForwarded(_ bytes: Span<UInt8>, to buffer: inout ByteBuffer) {
    var list = ListWriter("Forwarded: ")
    appendValues(.forwarded, bytes, &list, to: &buffer)
    guard list.hasBegun else { return }
    list.begin(in: &buffer)
    buffer.append("for=")
    switch view.peer.kind {
    case .ipv4: buffer.append(view.peer)
    case .ipv6:
      buffer.append("\"[")
      buffer.append(view.peer)
      buffer.append("]\"")
    case .unix: buffer.append("unknown")
    }
    buffer.append(";proto=")
    buffer.append(view.connectionScheme.name)
    list.finish(in: &buffer)
  }

  private func appendValues(
    _ claim: ProxyClaim,
    _ bytes: Span<UInt8>,
    _ list: inout ListWriter,
    to buffer: inout ByteBuffer
  ) {
    var cursor = FieldCursor(fieldLines)
    while let line = cursor.next(bytes) {
      guard bytes.forwardedFieldKind(line.name) == .claim(claim), !line.value.isEmpty else {
        continue
      }
      list.begin(in: &buffer)
      buffer.append(bytes, ByteSlice(line.value))
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

/// A field line whose value is a list, written element by element.
private struct ListWriter {
  private(set) var hasBegun = false
  private let name: StaticString

  init(_ name: StaticString) {
    self.name = name
  }

  /// Writes what stands before the next element.
  mutating func begin(in buffer: inout ByteBuffer) {
    buffer.append(hasBegun ? ", " : name)
    hasBegun = true
  }

  /// Ends the line, if there is one.
  func finish(in buffer: inout ByteBuffer) {
    if hasBegun { buffer.append("\r\n") }
  }
}
