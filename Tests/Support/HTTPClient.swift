import Foundation

/// A response received over a socket.
public struct HTTPResponse: Sendable {
  public let status: Int
  /// The field lines in their order, names as sent.
  public let fields: [(name: String, value: String)]
  public let body: [UInt8]

  /// The value of a field; nil if it is absent.
  public subscript(name: String) -> String? {
    fields.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// The body as text.
  public var text: String { String(decoding: body, as: UTF8.self) }
}

/// A plain TCP connection to a server under test; every call blocks, for at most a minute by
/// default.
///
/// Unchecked: at most one thread may send while another reads.
public final class HTTPClient: @unchecked Sendable {
  /// The end of the connection: 0 if orderly, otherwise an error number, such as that of a reset.
  public private(set) var endError: Int32 = 0

  private let socket: Int32
  private var received: [UInt8] = []
  /// Whether the last receive timed out.
  private var isSilent = false

  /// Connects to a port of 127.0.0.1.
  ///
  /// - Parameters:
  ///   - receiveBuffer: the size of the system's buffer; a small one makes a slow reader.
  ///   - seconds: the maximum time that a call blocks.
  public convenience init(port: UInt16, receiveBuffer: Int32? = nil, seconds: Int = 60) {
    self.init(connectingTo: port, receiveBuffer: receiveBuffer, seconds: seconds)!
  }

  /// Connects to a port of 127.0.0.1; nil if the connection is refused.
  public init?(connectingTo port: UInt16, receiveBuffer: Int32? = nil, seconds: Int = 60) {
    socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    if var receiveBuffer {
      setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4)
    }
    var timeout = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if result != 0 { return nil }
  }

  deinit {
    close(socket)
  }

  /// Sends raw bytes.
  public func send(_ bytes: some Sequence<UInt8>) {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Sends raw text.
  public func send(_ text: String) { send(text.utf8) }

  /// Sends `bytes` repeatedly until no more are accepted at once; returns the number of bytes.
  public func fill(with bytes: [UInt8]) -> Int {
    var total = 0
    while true {
      let start = total % bytes.count
      let count = bytes[start...].withUnsafeBytes {
        Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
      }
      guard count > 0 else { return total }
      total += count
    }
  }

  /// Makes closing this client a reset, like that of a killed client.
  public func resetAtEnd() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  /// Shuts down the client's side.
  public func finish() { shutdown(socket, Int32(SHUT_WR)) }

  /// Reads one response; nil if the connection ends before it is complete.
  ///
  /// - Parameter hasBody: false for a response to HEAD.
  public func response(hasBody: Bool = true) -> HTTPResponse? {
    while true {
      if let end = headEnd() { return response(headEnd: end, hasBody: hasBody) }
      guard receive() else { return nil }
    }
  }

  /// Sends a GET for `path` with more field lines, and reads the response.
  public func get(_ path: String, _ fields: String..., method: String = "GET") -> HTTPResponse? {
    let lines = (["Host: test"] + fields).map { $0 + "\r\n" }.joined()
    send("\(method) \(path) HTTP/1.1\r\n\(lines)\r\n")
    return response(hasBody: method != "HEAD")
  }

  /// Reads `count` bytes; nil if the connection ends before.
  public func bytes(_ count: Int) -> [UInt8]? {
    while received.count < count {
      guard receive() else { return nil }
    }
    defer { received.removeFirst(count) }
    return Array(received[..<count])
  }

  /// Whether the server has closed the connection and nothing is left to read; waits for either.
  ///
  /// A connection that stays open and silent does not count as closed.
  public var isClosed: Bool { received.isEmpty && !receive() && !isSilent }

  /// Waits until bytes have arrived, and keeps them; false if the connection has ended.
  public func hasBegun() -> Bool { !received.isEmpty || receive() }

  /// Reads at most `count` bytes and discards them; false if the connection has ended.
  public func take(_ count: Int) -> Bool {
    var buffer = [UInt8](repeating: 0, count: count)
    return recv(socket, &buffer, count, 0) > 0
  }

  /// Reads available bytes; nil if the connection has ended.
  public func someBytes() -> [UInt8]? {
    if received.isEmpty, !receive() { return nil }
    defer { received = [] }
    return received
  }

  /// Everything until the server closes.
  public func rest() -> [UInt8] {
    while receive() {}
    return received
  }

  private func headEnd() -> Int? {
    guard received.count >= 4 else { return nil }
    return (4...received.count).first { received[$0 - 4..<$0].elementsEqual("\r\n\r\n".utf8) }
  }

  private func response(headEnd: Int, hasBody: Bool) -> HTTPResponse? {
    let head = String(decoding: received[..<(headEnd - 4)], as: UTF8.self)
    let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
    let status = Int(lines[0].split(separator: " ")[1])!
    let fields = lines.dropFirst().map { line in
      let parts = line.split(separator: ":", maxSplits: 1)
      return (
        name: String(parts[0]),
        value: parts.count > 1 ? String(parts[1]).trimmingCharacters(in: .whitespaces) : ""
      )
    }
    let length = fields.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) }
    let bodyless = !hasBody || status < 200 || status == 204 || status == 304
    let coding = fields.first { $0.name.lowercased() == "transfer-encoding" }
    if !bodyless, coding?.value == "chunked" {
      received.removeFirst(headEnd)
      return chunkedBody().map { HTTPResponse(status: status, fields: fields, body: $0) }
    }
    let count = bodyless ? 0 : length ?? 0
    while received.count < headEnd + count {
      guard receive() else { return nil }
    }
    let body = Array(received[headEnd..<headEnd + count])
    received.removeFirst(headEnd + count)
    return HTTPResponse(status: status, fields: fields, body: body)
  }

  /// The content of the following chunks, up to the last one; nil if they are truncated.
  private func chunkedBody() -> [UInt8]? {
    var body: [UInt8] = []
    while true {
      guard let line = line(), let size = Int(line, radix: 16), let data = bytes(size),
        bytes(2) == Array("\r\n".utf8)
      else { return nil }
      guard size > 0 else { return body }
      body += data
    }
  }

  private func line() -> String? {
    while true {
      if let end = received.firstIndex(of: 0x0A) {
        let line = String(decoding: received[..<end], as: UTF8.self)
        received.removeFirst(end + 1)
        return line.trimmingCharacters(in: .whitespacesAndNewlines)
      }
      guard receive() else { return nil }
    }
  }

  private func receive() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = recv(socket, &buffer, buffer.count, 0)
    if count < 0 { endError = errno }
    isSilent = count < 0 && endError == EAGAIN
    guard count > 0 else { return false }
    received += buffer[..<count]
    return true
  }
}
