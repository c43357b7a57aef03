import Foundation
import StaticAssets
import TestSupport
import Testing

@testable import StaticServer

/// The access log as datagrams to a syslog daemon.
///
/// Goal: each line is a message in the daemon's format; a slow, missing or restarted daemon delays
/// no client, and lost lines are counted.
@Suite struct SyslogTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  /// A daemon: a datagram socket of a test.
  private final class Daemon {
    let socket: Int32
    let address: UpstreamAddress

    /// Binds a socket at `path`, or at a free port of 127.0.0.1 if it is nil.
    init(path: String?) throws {
      let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
      socket = Foundation.socket(path == nil ? AF_INET : AF_UNIX, type, 0)
      let place = path.map { ListenAddress.unix(path: $0) } ?? .ipv4(0x7F00_0001, port: 0)
      try #require(SocketAddress.bind(socket, to: place) == 0)
      switch SocketAddress.resolved(place, of: socket) {
      case .ipv4(_, let port): address = .tcp(address: [127, 0, 0, 1], port: port)
      default: address = .unix(path: path ?? "")
      }
      var timeout = timeval(tv_sec: 30, tv_usec: 0)
      setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(socket) }

    func message() -> String? {
      var buffer = [UInt8](repeating: 0, count: 65536)
      let count = recv(socket, &buffer, buffer.count, 0)
      return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }
  }

  private func log(to address: UpstreamAddress, _ format: AccessLog.Format = .json) throws
    -> AccessLog
  {
    let socket = AccessLog.socket(toSyslogAt: address)
    try #require(socket >= 0)
    var log = AccessLog(format: format, descriptor: Int32(socket))
    log.syslog = address
    return log
  }

  @Test("a message for each line, in the format for its transport", arguments: [true, false])
  func messages(atSocket: Bool) throws {
    let daemon = try Daemon(path: atSocket ? directory.path(".log.sock") : nil)
    let log = try log(to: daemon.address)
    defer { close(log.descriptor) }
    let (server, port) = try directory.serve { $0.accessLog = log }
    for number in 0..<3 {
      #expect(HTTPClient(port: port).get("/static/a.txt?\(number)")?.status == 200)
    }
    let head =
      atSocket
      ? /<134>[A-Z][a-z]{2} [ 0-9]\d \d\d:\d\d:\d\d staticd\[\d+\]: (\{.*\})/
      : /<134>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \S+ staticd \d+ access - (\{.*\})/
    for number in 0..<3 {
      let message = try #require(daemon.message())
      let match = try #require(message.wholeMatch(of: head), "\(message)")
      let object = try JSONSerialization.jsonObject(with: Data(match.output.1.utf8))
      #expect((object as? [String: Any])?["target"] as? String == "/static/a.txt?\(number)")
    }
    server.stop()
  }

  @Test("a daemon that reads nothing delays neither clients nor the end")
  func slow() throws {
    let daemon = try Daemon(path: directory.path(".log.sock"))
    let log = try log(to: daemon.address)
    defer { close(log.descriptor) }
    let (server, port) = try directory.serve {
      $0.accessLog = log
      $0.workers = 1
    }
    let client = HTTPClient(port: port)
    let burst = String(repeating: "GET /static/a.txt HTTP/1.1\r\nHost: x\r\n\r\n", count: 100)
    for _ in 0..<20 {
      client.send(burst)
      for _ in 0..<100 { #expect(client.response()?.status == 200) }
    }
    server.stop()
  }

  @Test("a restarted daemon gets the next lines, and the number of lost lines")
  func restarted() throws {
    let path = directory.path(".log.sock")
    var daemon: Daemon? = try Daemon(path: path)
    let log = try log(to: .unix(path: path))
    defer { close(log.descriptor) }
    let (server, port) = try directory.serve { $0.accessLog = log }
    let client = HTTPClient(port: port)
    #expect(client.get("/static/a.txt?1")?.status == 200)
    #expect(daemon?.message()?.contains("a.txt?1") == true)
    daemon = nil
    unlink(path)
    #expect(client.get("/static/a.txt?2")?.status == 200)
    #expect(eventually { server.metrics.lostLogLines == 1 })
    let next = try Daemon(path: path)
    #expect(client.get("/static/a.txt?3")?.status == 200)
    #expect(next.message()?.contains("\"dropped\":1}") == true)
    #expect(next.message()?.contains("a.txt?3") == true)
    server.stop()
  }
}
