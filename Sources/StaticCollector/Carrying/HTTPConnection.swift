internal import CLinux
internal import Glibc
internal import StaticAssets

/// A blocking connection to a site, for one request after the other.
///
/// Each wait for the site is bounded by `timeoutSeconds`, a whole response by `responseSeconds`. Used
/// by one thread at a time.
final class HTTPConnection: Sendable {
  static let timeoutSeconds = 10
  static let responseSeconds: Int64 = 300
  private static let headBytesMax = 65_536

  private let socket: Descriptor

  /// A response with all of its content.
  struct Response: Sendable {
    var status = 0
    var content: [UInt8] = []
    /// Whether it has no content coding.
    var isIdentity = true
    /// Whether the connection can carry another request.
    var keepsConnection = true
    fileprivate var length: Int?
    fileprivate var isChunked = false
  }

  /// Connects to the first address of `host` that answers. getaddrinfo(3), connect(2)
  init(host: String, port: String) throws(ReleaseStoreError) {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV
    var first: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(host, port, &hints, &first)
    guard code == 0 else {
      let reason = unsafe String(cString: gai_strerror(code))
      throw ReleaseStoreError("the name '\(host)' has no address (\(reason))")
    }
    defer { unsafe freeaddrinfo(first) }
    var failure = ECONNREFUSED
    var entry = unsafe first
    while let address = unsafe entry {
      let number = unsafe Self.connect(to: address.pointee)
      if number >= 0 {
        socket = Descriptor(owning: number)
        return
      }
      failure = -number
      unsafe entry = address.pointee.ai_next
    }
    throw ReleaseStoreError("cannot connect: \(FileError.text(of: failure))")
  }

  /// A connected socket, or a negative error number.
  private static func connect(to address: addrinfo) -> Int32 {
    let kind = unsafe address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue)
    let number = unsafe Glibc.socket(address.ai_family, kind, address.ai_protocol)
    guard number >= 0 else { return -errno }
    var time = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    // The time-out of sending bounds connect(2), too: socket(7).
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      _ = unsafe setsockopt(number, SOL_SOCKET, option, &time, size)
    }
    guard unsafe Glibc.connect(number, address.ai_addr, address.ai_addrlen) == 0 else {
      // EINPROGRESS is what connect(2) says when the time is over.
      let code = errno == EINPROGRESS ? ETIMEDOUT : errno
      _ = close(number)
      return -code
    }
    return number
  }

  /// Asks for `target` and receives all of the response.
  func get(_ target: String, host: String) throws(ReleaseStoreError) -> Response {
    try send(
      "GET \(target) HTTP/1.1\r\nHost: \(host)\r\nAccept-Encoding: identity\r\n"
        + "Cache-Control: no-cache\r\nUser-Agent: staticd\r\n\r\n"
    )
    let deadline = MonotonicClock.seconds + Self.responseSeconds
    var received: [UInt8] = []
    var response = Response()
    while true {
      let (head, byteCount) = try head(&received, until: deadline)
      received.removeFirst(byteCount)
      response = head
      // Interim responses have no content. RFC 9110 §15.2
      if !(100...199).contains(response.status) { break }
    }
    try receiveContent(&response, received, until: deadline)
    return response
  }

  private func send(_ text: String) throws(ReleaseStoreError) {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let result = unsafe bytes.withUnsafeBytes { buffer in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[sent...])
        return unsafe clinux_send(socket.number, rest.baseAddress, rest.count, 0)
      }
      if result == -Int(EINTR) { continue }
      guard result > 0 else { throw Self.failure(Int32(-result), "send to it") }
      sent += result
    }
  }

  /// Appends what comes next; returns false at the end of the connection.
  private func receive(
    _ received: inout [UInt8],
    until deadline: Int64
  ) throws(ReleaseStoreError) -> Bool {
    guard MonotonicClock.seconds < deadline else {
      throw ReleaseStoreError("a file takes longer than \(Self.responseSeconds) s")
    }
    let capacity = 65_536
    while true {
      var result = 0
      let part = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        result = unsafe clinux_receive(socket.number, buffer.baseAddress, capacity)
        count = max(0, result)
      }
      if result == -Int(EINTR) { continue }
      guard result >= 0 else { throw Self.failure(Int32(-result), "receive from it") }
      received += part
      return result > 0
    }
  }

  private static func failure(_ code: Int32, _ operation: String) -> ReleaseStoreError {
    guard code != EAGAIN else {
      return ReleaseStoreError("it does not answer within \(timeoutSeconds) s")
    }
    return ReleaseStoreError("cannot \(operation): \(FileError.text(of: code))")
  }

  /// Receives a head; returns it and its length.
  private func head(
    _ received: inout [UInt8],
    until deadline: Int64
  ) throws(ReleaseStoreError) -> (Response, Int) {
    let malformed = ReleaseStoreError("it does not speak HTTP/1.1")
    while true {
      switch Self.parse(received) {
      case .complete(let response, let byteCount): return (response, byteCount)
      case .malformed: throw malformed
      case .incomplete:
        guard received.count < Self.headBytesMax else { throw malformed }
        guard try receive(&received, until: deadline) else {
          throw ReleaseStoreError("it closes the connection before it answers")
        }
      }
    }
  }

  private enum Parsed {
    case complete(Response, byteCount: Int)
    case incomplete
    case malformed
  }

  /// Source: RFC 9112 §4 (status line), §6.3 (length of the content), §9.3 (persistence).
  private static func parse(_ bytes: [UInt8]) -> Parsed {
    guard let end = bytes.firstIndex(of: 0x0A) else { return .incomplete }
    let line = bytes[..<end]
    guard line.starts(with: "HTTP/1.".utf8), line.count >= 13, line.last == 0x0D,
      let status = Int(String(decoding: line[9..<12], as: UTF8.self))
    else { return .malformed }
    var response = Response()
    response.status = status
    if line[7] == UInt8(ascii: "0") { response.keepsConnection = false }
    var reader = FieldLineReader(at: end + 1)
    while true {
      switch reader.next(bytes.span) {
      case .incomplete: return .incomplete
      case .malformed: return .malformed
      case .end: return .complete(response, byteCount: reader.position)
      case .line(let field):
        let name = String(decoding: bytes[field.name.range], as: UTF8.self).lowercased()
        let value = String(decoding: bytes[field.value.range], as: UTF8.self).lowercased()
        switch name {
        case "content-length":
          guard let length = Int(value), length >= 0 else { return .malformed }
          response.length = length
        case "transfer-encoding":
          guard value == "chunked" else { return .malformed }
          response.isChunked = true
        case "content-encoding": response.isIdentity = value == "identity"
        case "connection" where value.contains("close"): response.keepsConnection = false
        default: break
        }
      }
    }
  }

  /// Receives the content of `response`, which begins with `received`.
  private func receiveContent(
    _ response: inout Response,
    _ received: [UInt8],
    until deadline: Int64
  ) throws(ReleaseStoreError) {
    guard response.status != 204, response.status != 304 else { return }
    let cut = ReleaseStoreError("it ends the connection inside a file")
    var received = received
    if response.isChunked {
      response.content = try receiveChunks(&received, until: deadline)
    } else if let length = response.length {
      guard length <= HTTPStore.byteCountMax else { throw Self.tooLarge }
      while received.count < length {
        guard try receive(&received, until: deadline) else { throw cut }
      }
      if received.count > length { response.keepsConnection = false }
      response.content = Array(received.prefix(length))
    } else {
      response.keepsConnection = false
      while try receive(&received, until: deadline) {
        guard received.count <= HTTPStore.byteCountMax else { throw Self.tooLarge }
      }
      response.content = received
    }
  }

  private static let tooLarge = ReleaseStoreError(
    "a file is larger than \(HTTPStore.byteCountMax) bytes"
  )

  private func receiveChunks(
    _ received: inout [UInt8],
    until deadline: Int64
  ) throws(ReleaseStoreError) -> [UInt8] {
    var reader = ChunkReader()
    var content: [UInt8] = []
    while true {
      var position = 0
      reading: while true {
        switch reader.next(received.span, at: &position) {
        case .data(let range): content += received[range]
        case .end: return content
        case .incomplete: break reading
        case .malformed: throw ReleaseStoreError("its chunked coding is invalid")
        }
      }
      guard content.count <= HTTPStore.byteCountMax else { throw Self.tooLarge }
      received.removeAll(keepingCapacity: true)
      guard try receive(&received, until: deadline) else {
        throw ReleaseStoreError("it ends the connection inside a file")
      }
    }
  }
}

/// Seconds that only go forward.
private enum MonotonicClock {
  static var seconds: Int64 {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec)
  }
}
