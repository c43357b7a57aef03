internal import CLinux
internal import StaticAssets

/// A connection that carries one request after another. RFC 9112
///
/// Used by one thread at a time, which `HTTPClient` ensures.
final class HTTPConnection: @unchecked Sendable {
  private let stream: ByteStream
  private let host: String
  private let limits: ConnectionLimits
  /// Received bytes; those from `position` on are not parsed yet.
  private var buffer: [UInt8] = []
  private var position = 0
  /// Whether another request may follow.
  private(set) var isReusable = true
  /// When waiting for the current response began, in monotonic milliseconds, and the bytes since.
  private var waiting = (since: Int64(0), byteCount: 0)

  /// The size of the pieces in which a file is sent.
  private static let pieceByteCount = 1 << 18
  /// The maximum number of interim responses (1xx) before the final one.
  private static let interimCountMax = 16

  init(
    _ address: HTTPAddress,
    _ tls: TLSContext?,
    _ limits: ConnectionLimits
  ) throws(ConnectionFailure) {
    host = address.authority
    self.limits = limits
    stream = try ByteStream(address, tls, limits)
  }

  /// Whether another request would fail: the server has closed the connection or sent too much.
  var isStale: Bool { position < buffer.count || stream.isStale }

  /// Sends a request and reads the whole response.
  func exchange(_ request: HTTPRequest) throws(ConnectionFailure) -> HTTPResponse {
    isReusable = false
    let sendFailure = send(request)
    if let sendFailure, sendFailure.kind == .file { throw sendFailure }
    waiting = (clinux_monotonic_milliseconds(), 0)
    let head: ResponseHead
    do throws(ConnectionFailure) {
      // A server may refuse a request and close before all of it has been sent.
      head = try readHead()
    } catch {
      throw sendFailure ?? error
    }
    var body: [UInt8] = []
    do throws(ConnectionFailure) {
      body = try readBody(head, request.method)
    } catch {
      var failure = error
      failure.isBeforeResponse = false
      throw failure
    }
    isReusable =
      sendFailure == nil && head.keepsConnection
      && head.framing(of: request.method) != .untilClose
    return HTTPResponse(
      status: head.status,
      fields: Array(zip(head.names, head.values)).map { (name: $0.0, value: $0.1) },
      body: body
    )
  }

  private func send(_ request: HTTPRequest) -> ConnectionFailure? {
    do throws(ConnectionFailure) {
      let head = request.head(host: host)
      switch request.body {
      case .none: try stream.send(head)
      case .bytes(let bytes):
        // One write for a short request.
        if bytes.count <= 65536 { return try sendOrFail(head + bytes) }
        try stream.send(head)
        try stream.send(bytes)
      case .file(let path, let byteCount):
        try stream.send(head)
        try sendFile(path, byteCount)
      }
      return nil
    } catch {
      return error
    }
  }

  private func sendOrFail(_ bytes: [UInt8]) throws(ConnectionFailure) -> ConnectionFailure? {
    try stream.send(bytes)
    return nil
  }

  private func sendFile(_ path: BytePath, _ byteCount: Int) throws(ConnectionFailure) {
    do {
      let file = try Descriptor.open(path, flags: FileFlags.read)
      var left = byteCount
      while left > 0 {
        let piece = try file.readStart(min(left, Self.pieceByteCount), path: path)
        guard !piece.isEmpty else { break }
        try stream.send(piece)
        left -= piece.count
      }
      guard left == 0 else {
        throw ConnectionFailure(kind: .file, text: "'\(path)' became shorter while it was sent")
      }
    } catch let failure as ConnectionFailure {
      throw failure
    } catch {
      throw ConnectionFailure(kind: .file, text: "\(error)")
    }
  }

  /// The head of the final response; interim responses (1xx) are skipped.
  private func readHead() throws(ConnectionFailure) -> ResponseHead {
    var interimCount = 0
    while true {
      let rest = Array(buffer[position...])
      guard let end = ResponseHead.end(of: rest) else {
        guard rest.count <= ResponseHead.byteCountMax else { throw Self.malformed("a large head") }
        try receiveMore("before the response")
        continue
      }
      guard let head = ResponseHead(rest[..<end]) else { throw Self.malformed("a malformed head") }
      position += end
      if head.status >= 200 { return head }
      interimCount += 1
      guard interimCount <= Self.interimCountMax else {
        throw Self.malformed("interim responses without end")
      }
    }
  }

  private func readBody(
    _ head: ResponseHead,
    _ method: String
  ) throws(ConnectionFailure) -> [UInt8] {
    guard let framing = head.framing(of: method) else {
      throw Self.malformed("lengths that contradict each other")
    }
    switch framing {
    case .none: return []
    case .length(let count):
      try checkLength(count)
      while buffer.count - position < count { try receiveMore("within the response") }
      position += count
      return Array(buffer[(position - count)..<position])
    case .chunked: return try readChunks()
    case .untilClose:
      while true {
        let more = try receive()
        guard !more.isEmpty else { break }
        buffer += more
        try checkLength(buffer.count - position)
      }
      defer { position = buffer.count }
      return Array(buffer[position...])
    }
  }

  private func readChunks() throws(ConnectionFailure) -> [UInt8] {
    var reader = ChunkReader()
    var body: [UInt8] = []
    while true {
      var range: Range<Int>?
      let step = reader.next(buffer.span, at: &position)
      switch step {
      case .data(let data): range = data
      case .end: return body
      case .incomplete: try receiveMore("within the response")
      case .malformed: throw Self.malformed("a malformed chunk")
      }
      if let range {
        body += buffer[range]
        try checkLength(body.count)
      }
    }
  }

  private func receiveMore(_ place: String) throws(ConnectionFailure) {
    let more = try receive()
    guard !more.isEmpty else {
      throw ConnectionFailure(kind: .broken, text: "the connection was closed \(place)")
    }
    if position == buffer.count {
      buffer = more
      position = 0
    } else {
      buffer += more
    }
  }

  /// The next bytes; none at the end of the stream.
  ///
  /// A response may take the idle time-out, plus a second for each 1,000 bytes.
  private func receive() throws(ConnectionFailure) -> [UInt8] {
    let more = try stream.receive(65536)
    waiting.byteCount += more.count
    let time = clinux_monotonic_milliseconds() - waiting.since
    guard time <= Int64(limits.idleMilliseconds + waiting.byteCount) else {
      throw ConnectionFailure(kind: .timeout, text: "the answer comes too slowly")
    }
    return more
  }

  private func checkLength(_ count: Int) throws(ConnectionFailure) {
    guard count <= limits.bodyBytesMax else { throw Self.malformed("content beyond the limit") }
  }

  private static func malformed(_ what: String) -> ConnectionFailure {
    ConnectionFailure(kind: .malformed, text: "the server sent \(what)")
  }
}
