internal import CLinux
internal import StaticAssets

/// The content of a response on its way from the app to the client, in the client's framing.
///
/// Unsafe: pointers into `wake.input`, which is not changed while they are used.
extension Forwarder {
  /// Passes on content from `position` on and advances it; returns true at the end of the content.
  mutating func passContent(
    _ exchange: inout Exchange,
    _ position: inout Int,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) -> Bool {
    switch exchange.response.framing {
    case nil, .empty: return true
    case .length:
      let count = Int(min(Int64(wake.input.count - position), exchange.response.remaining))
      pass(&exchange, position, count, &clients, &wake)
      position += count
      exchange.response.remaining -= Int64(count)
      return exchange.response.remaining == 0
    case .untilClose:
      pass(&exchange, position, wake.input.count - position, &clients, &wake)
      position = wake.input.count
      return false
    case .chunked:
      return passChunks(&exchange, &position, &clients, &wake)
    }
  }

  private mutating func passChunks(
    _ exchange: inout Exchange,
    _ position: inout Int,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) -> Bool {
    let bytes = unsafe Span<UInt8>(
      _unsafeBytes: UnsafeRawBufferPointer(start: wake.input.start, count: wake.input.count)
    )
    while true {
      let trailerByteCount = exchange.response.chunks.trailerByteCount
      switch exchange.response.chunks.next(bytes, at: &position) {
      case .data(let range):
        pass(&exchange, range.lowerBound, range.count, &clients, &wake)
      case .end:
        Self.keepTrailers(&exchange.response, bytes, until: position, after: trailerByteCount)
        return true
      case .incomplete:
        Self.keepTrailers(&exchange.response, bytes, until: position, after: trailerByteCount)
        return false
      case .malformed:
        exchange.response.isBroken = true
        note(.malformedChunks, &exchange)
        return true
      }
    }
  }

  /// Stores the part of the trailer section, which ends at `end`, that was read since `byteCount`
  /// bytes.
  private static func keepTrailers(
    _ response: inout ResponseProgress,
    _ bytes: Span<UInt8>,
    until end: Int,
    after byteCount: Int
  ) {
    guard response.passesTrailers else { return }
    let start = end - (response.chunks.trailerByteCount - byteCount)
    response.trailers += (start..<end).map { bytes[$0] }
  }

  /// Appends `count` bytes of `wake.input` to the output for the client.
  private mutating func pass(
    _ exchange: inout Exchange,
    _ start: Int,
    _ count: Int,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    guard count > 0 else { return }
    if exchange.response.sendsChunks {
      if wake.output.room < 32 { push(&exchange, &clients, &wake) }
      wake.output.append(chunkSize: count)
    }
    var position = start
    let end = start + count
    while position < end, !exchange.isOver {
      if wake.output.room == 0 { push(&exchange, &clients, &wake) }
      let part = min(end - position, wake.output.room)
      unsafe wake.output.append(wake.input.start + position, part)
      exchange.response.bodyByteCount += Int64(part)
      position += part
    }
    guard exchange.response.sendsChunks else { return }
    if wake.output.room < 2 { push(&exchange, &clients, &wake) }
    wake.output.append("\r\n")
  }

  /// Appends the last chunk and the trailer fields that the client accepts.
  mutating func endChunks(
    _ exchange: inout Exchange,
    _ clients: inout ClientConnections,
    _ wake: inout Wake
  ) {
    let trailers = exchange.response.trailers
    if wake.output.room < 5 + trailers.count { push(&exchange, &clients, &wake) }
    wake.output.append("0\r\n")
    var fields = FieldLineReader(at: 0)
    while case .line(let line) = fields.next(trailers.span) {
      guard TrailerFields.mayPass(line.name, trailers.span) else { continue }
      wake.output.append(trailers.span, line.whole)
      wake.output.append("\r\n")
    }
    wake.output.append("\r\n")
  }
}
