import CDescriptors
import Foundation
import StaticAssets
import StaticServer
import TestSupport

/// A request received by an app.
struct RecordedRequest: Sendable {
  /// The lines of the head.
  let lines: [String]
  let content: [UInt8]

  /// The values of all lines of a field.
  func values(_ name: String) -> [String] {
    lines.dropFirst().compactMap { line in
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0].lowercased() == name.lowercased() else { return nil }
      return parts[1].trimmingCharacters(in: .whitespaces)
    }
  }
}

/// A connection to an app; every call blocks, for at most a minute.
///
/// Unchecked: only the thread that serves it uses it.
final class AppConnection: @unchecked Sendable {
  /// The number of earlier connections.
  let index: Int
  private let socket: Int32
  private let record: @Sendable (RecordedRequest) -> Void
  private let ended: @Sendable () -> Void
  private var received: [UInt8] = []

  init(
    _ socket: Int32,
    index: Int,
    ended: @escaping @Sendable () -> Void = {},
    record: @escaping @Sendable (RecordedRequest) -> Void
  ) {
    self.socket = socket
    self.index = index
    self.record = record
    self.ended = ended
    var timeout = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit {
    close(socket)
    ended()
  }

  /// Waits until a whole request has arrived, or the connection has ended, and leaves it unread.
  ///
  /// - Parameter contentByteCount: the size of its content.
  func awaitRequest(contentByteCount: Int = 0) {
    var buffer = [UInt8](repeating: 0, count: 65536)
    _ = eventually {
      let count = recv(socket, &buffer, buffer.count, Int32(MSG_PEEK))
      guard count > 0 else { return true }
      guard let separator = Data(buffer[..<count]).range(of: Data("\r\n\r\n".utf8)) else {
        return false
      }
      return count - separator.upperBound >= contentByteCount
    }
  }

  /// Whether so much is unread by the other side that nothing more can be sent. poll(2)
  var isFull: Bool {
    var state = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
    return poll(&state, 1, 0) == 0
  }

  /// Reads a head, and content according to `Content-Length`; nil at the end of the connection.
  func request(readsContent: Bool = true) -> RecordedRequest? {
    let separator = Data("\r\n\r\n".utf8)
    var head: Range<Data.Index>?
    while true {
      head = Data(received).range(of: separator)
      if head != nil { break }
      guard receive() else { return nil }
    }
    let end = head!.upperBound
    let lines = String(decoding: received[..<(end - 4)], as: UTF8.self).components(
      separatedBy: "\r\n"
    )
    received.removeFirst(end)
    let plain = RecordedRequest(lines: lines, content: [])
    let count = readsContent ? plain.values("content-length").first.flatMap { Int($0) } ?? 0 : 0
    while received.count < count {
      guard receive() else { return nil }
    }
    let request = RecordedRequest(lines: lines, content: Array(received[..<count]))
    received.removeFirst(count)
    record(request)
    return request
  }

  /// Reads available bytes; nil at the end of the connection.
  func bytes() -> [UInt8]? {
    if received.isEmpty, !receive() { return nil }
    defer { received = [] }
    return received
  }

  /// Waits for the next byte and leaves it unread; false at the end of the connection.
  func awaitByte() -> Bool {
    var byte: UInt8 = 0
    return !received.isEmpty || recv(socket, &byte, 1, Int32(MSG_PEEK)) > 0
  }

  /// Reads at most `count` bytes; nil at the end of the connection.
  func bytes(atMost count: Int) -> [UInt8]? {
    if !received.isEmpty {
      defer { received.removeFirst(min(count, received.count)) }
      return Array(received.prefix(count))
    }
    var buffer = [UInt8](repeating: 0, count: count)
    let result = recv(socket, &buffer, count, 0)
    return result > 0 ? Array(buffer[..<result]) : nil
  }

  /// Sends `bytes` repeatedly until the socket's buffer is full; returns the number of bytes.
  func fill(with bytes: [UInt8]) -> Int {
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

  /// Shuts down this side; bytes from the other side can still be read.
  func finish() { shutdown(socket, Int32(SHUT_WR)) }

  /// Sends bytes; returns false if the other side does not accept them.
  @discardableResult
  func send(_ bytes: some Sequence<UInt8>) -> Bool {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Sends text.
  @discardableResult
  func send(_ text: String) -> Bool { send(text.utf8) }

  /// Sends text byte by byte: each byte is read before the next is sent.
  func sendInPieces(_ text: String) {
    for byte in text.utf8 {
      guard send([byte]) else { return }
      awaitReading()
    }
  }

  /// Waits until the other side has read everything sent. unix(7): SIOCOUTQ
  func awaitReading() {
    var unread: Int32 = 0
    _ = eventually { ioctl(socket, UInt(TIOCOUTQ), &unread) != 0 || unread == 0 }
  }

  private func receive() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = recv(socket, &buffer, buffer.count, 0)
    guard count > 0 else { return false }
    received += buffer[..<count]
    return true
  }
}

/// An app at a Unix socket or a TCP port that records its requests and responds as a test requires.
///
/// Unchecked: a lock protects the mutable state.
final class RecordingApp: @unchecked Sendable {
  private let directory = TemporaryDirectory()
  private let listener: Int32
  private let port: UInt16?
  private let lock = NSLock()
  private var recorded: [RecordedRequest] = []
  private var count = 0
  private var ends = 0

  /// The path of the socket, unless it is a port.
  var path: String { directory.path("app.sock") }
  /// The address on which it listens.
  var address: UpstreamAddress {
    port.map { .tcp(address: [127, 0, 0, 1], port: $0) } ?? .unix(path: path)
  }
  /// The received requests, in order.
  var requests: [RecordedRequest] { lock.withLock { recorded } }
  /// The number of connections so far.
  var connectionCount: Int { lock.withLock { count } }
  /// The number of connections that have ended on both sides.
  var endedCount: Int { lock.withLock { ends } }

  /// Listens, and calls `serve` for each connection on its own thread; the connection is closed
  /// when it returns.
  init(isTCP: Bool = false, _ serve: @escaping @Sendable (AppConnection) -> Void) {
    if isTCP {
      let (socket, port) = Self.listenAtPort()
      listener = socket
      self.port = port
    } else {
      listener = Self.listen(at: directory.path("app.sock"))
      port = nil
    }
    let listener = listener
    Thread { [weak self] in
      while true {
        let socket = cdescriptors_accept(listener)
        guard socket >= 0, let self else { return }
        let index = self.lock.withLock {
          self.count += 1
          return self.count - 1
        }
        let connection = AppConnection(
          socket,
          index: index,
          ended: { [weak self] in self?.lock.withLock { self?.ends += 1 } },
          record: { [weak self] request in
            self?.lock.withLock { self?.recorded.append(request) }
          }
        )
        Thread { serve(connection) }.start()
      }
    }.start()
  }

  /// An app with the same response to every request.
  convenience init(answering answer: String) {
    self.init { connection in
      while connection.request() != nil { connection.send(answer) }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// Listens at a free port of 127.0.0.1. listen(2)
  static func listenAtPort() -> (socket: Int32, port: UInt16) {
    let (socket, port) = boundAtPort()
    precondition(Foundation.listen(socket, 64) == 0, "cannot listen at a port")
    return (socket, port)
  }

  /// Binds a free port of 127.0.0.1 without listening. bind(2)
  static func boundAtPort() -> (socket: Int32, port: UInt16) {
    let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var count = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, count) | getsockname(socket, $0, &count)
      }
    }
    precondition(result == 0, "no port is free")
    return (socket, UInt16(bigEndian: address.sin_port))
  }

  /// Listens at a path. listen(2)
  static func listen(at path: String) -> Int32 {
    let socket = bound(at: path)
    precondition(Foundation.listen(socket, 64) == 0, "cannot listen at \(path)")
    return socket
  }

  /// Binds a path without listening. bind(2)
  static func bound(at path: String) -> Int32 {
    let socket = Foundation.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    precondition(result == 0, "cannot take \(path)")
    return socket
  }
}

extension TemporaryDirectory {
  /// Serves this directory at a free port of 127.0.0.1, and forwards the rest to `app`.
  func serve(
    before app: RecordingApp,
    _ options: FileTable.Options = .init(),
    _ change: (inout StaticServer.Configuration) -> Void = { _ in }
  ) throws -> (server: StaticServer, port: UInt16) {
    try serve(options) {
      $0.workers = 1
      $0.forwarding = ForwardingConfiguration(to: app.address)
      change(&$0)
    }
  }
}
