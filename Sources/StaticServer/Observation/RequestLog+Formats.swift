internal import StaticAssets

/// The two formats of a line. The buffer has room for the longest one.
extension RequestLog {
  /// Appends a JSON object and the line end.
  mutating func appendJSON(
    _ line: Line,
    _ head: RequestHead,
    _ excerpt: Excerpt,
    _ bytes: Span<UInt8>,
    _ identifierBytes: Span<UInt8>
  ) {
    buffer.append("{\"time\":\"")
    buffer.append(time.rfc3339)
    buffer.append("\",\"id\":\"")
    if line.identifier.isEmpty {
      buffer.append(identifiers.next())
    } else {
      buffer.append(identifierBytes, line.identifier)
    }
    buffer.append("\",\"connection\":")
    buffer.append(decimal: Int64(truncatingIfNeeded: line.connection))
    buffer.append(",\"remote\":\"")
    buffer.append(line.peer)
    buffer.append(line.isSecure ? "\",\"scheme\":\"https" : "\",\"scheme\":\"http")
    buffer.append("\",\"host\":\"")
    buffer.append(bytes, excerpt.host, escaping: .json)
    buffer.append("\",\"method\":\"")
    buffer.append(bytes, excerpt.method, escaping: .json)
    buffer.append("\",\"target\":\"")
    buffer.append(bytes, excerpt.target, escaping: .json)
    if head.requestLine.isEmpty {
      buffer.append("\",\"protocol\":\"\"")
    } else {
      buffer.append(
        head.isVersion10 ? "\",\"protocol\":\"HTTP/1.0\"" : "\",\"protocol\":\"HTTP/1.1\""
      )
    }
    appendJSONResponse(line)
    buffer.append(",\"referer\":\"")
    buffer.append(bytes, excerpt.referer, escaping: .json)
    buffer.append("\",\"user_agent\":\"")
    buffer.append(bytes, excerpt.userAgent, escaping: .json)
    buffer.append("\"}\n")
  }

  /// Appends the members about the response.
  private mutating func appendJSONResponse(_ line: Line) {
    buffer.append(",\"status\":")
    buffer.append(decimal: Int64(line.status))
    buffer.append(",\"bytes\":")
    buffer.append(decimal: line.bodyByteCount)
    buffer.append(",\"coding\":\"")
    line.coding.append(to: &buffer)
    buffer.append("\",\"duration_ms\":")
    buffer.append(milliseconds: max(0, line.duration))
    if line.upstreamDuration >= 0 {
      buffer.append(",\"upstream_ms\":")
      buffer.append(milliseconds: line.upstreamDuration)
    }
    if line.reason != .none {
      buffer.append(",\"reason\":\"")
      buffer.append(line.reason.text)
      buffer.append("\"")
    }
  }

  /// Appends a line of the Combined Log Format.
  ///
  /// A client of a Unix socket is 127.0.0.1: GoAccess refuses lines whose first word is no address.
  mutating func appendCombined(
    _ line: Line,
    _ head: RequestHead,
    _ excerpt: Excerpt,
    _ bytes: Span<UInt8>
  ) {
    if line.peer.kind == .unix {
      buffer.append("127.0.0.1")
    } else {
      buffer.append(line.peer)
    }
    buffer.append(" - - [")
    buffer.append(time.commonLog)
    buffer.append("] \"")
    if excerpt.isWhole {
      buffer.append(bytes, orDash: head.requestLine)
    } else {
      buffer.append(bytes, orDash: excerpt.method)
      buffer.append(" ")
      buffer.append(bytes, orDash: excerpt.target)
      buffer.append(head.isVersion10 ? " HTTP/1.0" : " HTTP/1.1")
    }
    buffer.append("\" ")
    buffer.append(decimal: Int64(line.status))
    buffer.append(" ")
    buffer.append(decimal: line.bodyByteCount)
    buffer.append(" \"")
    buffer.append(bytes, orDash: excerpt.referer)
    buffer.append("\" \"")
    buffer.append(bytes, orDash: excerpt.userAgent)
    buffer.append("\"\n")
  }
}
