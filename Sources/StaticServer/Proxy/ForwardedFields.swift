internal import StaticAssets

/// What an app is told of a request: the request line and the fields that are for it.
struct ForwardedFields: Sendable {
  /// The most bytes that `append` writes beyond those of the client's head.
  static let addedBytesMax = 1024

  /// Stands for `Host` where an HTTP/1.0 client sends none.
  let defaultHost: [UInt8]

  /// Appends the request line and the fields for the app, without those that frame the content and
  /// without the empty line.
  ///
  /// - Parameters:
  ///   - head: parsed from `bytes`.
  ///   - peer: who connected.
  ///   - isSecure: whether the connection is encrypted.
  ///   - buffer: has room for `head.byteCount + addedBytesMax` bytes.
  func append(
    _ head: RequestHead,
    in bytes: Span<UInt8>,
    from peer: PeerAddress,
    isSecure: Bool,
    to buffer: inout LoopBuffer
  ) {
    appendRequestLine(head, bytes, &buffer)
    appendHost(head, bytes, &buffer)
    let start = Int(head.fieldLines.offset)
    let namesFields = HopByHop.connectionNamesFields(from: start, bytes)
    var fields = FieldLineReader(at: start)
    while case .line(let line) = fields.next(bytes) {
      guard !HopByHop.isForRequest(line.name, bytes) else { continue }
      if namesFields, HopByHop.isNamed(line.name, byConnectionFrom: start, bytes) { continue }
      buffer.append(bytes, line.whole)
      buffer.append("\r\n")
    }
  }

  /// The line in origin-form, the target as it was sent.
  private func appendRequestLine(
    _ head: RequestHead,
    _ bytes: Span<UInt8>,
    _ buffer: inout LoopBuffer
  ) {
    buffer.append(bytes, head.methodName)
    buffer.append(UInt8(ascii: " "))
    let start = Self.pathStart(of: head)
    let end = head.target.range.upperBound
    // An absolute target may have no path (RFC 9112 §3.2.1).
    if start == end || bytes[start] == UInt8(ascii: "?") { buffer.append(UInt8(ascii: "/")) }
    buffer.append(bytes, ByteSlice(offset: start, count: end - start))
    buffer.append(" HTTP/1.1\r\n")
  }

  /// `Host`: of an absolute target its authority (RFC 9112 §3.2.2).
  private func appendHost(
    _ head: RequestHead,
    _ bytes: Span<UInt8>,
    _ buffer: inout LoopBuffer
  ) {
    buffer.append("Host: ")
    let start = Self.pathStart(of: head)
    if start > Int(head.target.offset) {
      let first = bytes.authorityStart(in: head.target.range)
      buffer.append(bytes, ByteSlice(offset: first, count: start - first))
    } else if head.host.isEmpty {
      buffer.append(defaultHost)
    } else {
      buffer.append(bytes, head.host)
    }
    buffer.append("\r\n")
  }

  /// Where the target's path is; behind the authority if it is absolute.
  private static func pathStart(of head: RequestHead) -> Int {
    head.path.isEmpty && head.path.offset == 0 ? Int(head.target.offset) : Int(head.path.offset)
  }
}

extension Span<UInt8> {
  /// The first byte behind `://` in the absolute target of `range`.
  fileprivate func authorityStart(in range: Range<Int>) -> Int {
    var index = range.lowerBound
    while index + 3 < range.upperBound, self[index] != UInt8(ascii: ":") { index += 1 }
    return index + 3
  }
}
