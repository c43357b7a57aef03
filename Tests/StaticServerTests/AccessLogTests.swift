import CDescriptors
import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// The access log as parsed by other programs.
///
/// Goal: one line for each answered request, in order for each connection, that no client can forge
/// or break; and no client waits for the log.
@Suite struct AccessLogTests {
  private let directory = TemporaryDirectory()

  /// Sends `requests` on one connection and returns the lines of the log.
  private func lines(_ format: AccessLog.Format, _ requests: [String]) throws -> [String] {
    directory.write("hello", to: "a.txt")
    directory.write([UInt8](repeating: 1, count: 2000), to: "wide.bin")
    let path = directory.write("", to: ".log")
    let file = open(path, O_WRONLY | O_CLOEXEC | O_APPEND)
    defer { close(file) }
    var configuration = StaticServer.Configuration(listeners: [.ipv4(0x7F00_0001, port: 0)])
    configuration.workers = 1
    configuration.grace = .seconds(0)
    configuration.accessLog = AccessLog(format: format, descriptor: file)
    let table = try FileTable(root: directory.path)
    let server = try StaticServer(table: table, configuration: configuration)
    guard case .ipv4(_, let port) = server.addresses[0] else { fatalError("no port") }
    for request in requests {
      let client = HTTPClient(port: port)
      client.send(request)
      client.finish()
      _ = client.rest()
    }
    server.stop()
    return (directory.text(".log") ?? "").split(separator: "\n").map(String.init)
  }

  @Test("JSON: one object per request, whatever the client sends")
  func json() throws {
    let lines = try lines(
      .json,
      [
        "GET /static/a.txt?q=1 HTTP/1.1\r\nHost: x\r\nUser-Agent: a\"b\\c\td\u{E9}\r\n"
          + "Referer: http://r/\r\n\r\n",
        "HEAD /static/a.txt HTTP/1.0\r\n\r\n",
        "DELETE /static/\"none HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /static/a.txt HTTP/1.1\r\nHost: x\r\nRange: bytes=1-2\r\n\r\n",
        "GET /static/a.txt HTTP/1.1\r\nHost: x\r\nRange: bytes=9-\r\n\r\n",
        "GET /static/wide.bin HTTP/1.1\r\nHost: x\r\nRange: bytes=0-9,1000-1009\r\n\r\n",
      ]
    )
    try #require(lines.count == 6)
    let objects = try lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    func values(_ key: String) -> [String] { objects.map { "\($0[key] ?? "absent")" } }
    #expect(values("method") == ["GET", "HEAD", "DELETE", "GET", "GET", "GET"])
    #expect(values("target").prefix(3) == ["/static/a.txt?q=1", "/static/a.txt", "/static/\"none"])
    #expect(values("protocol").prefix(2) == ["HTTP/1.1", "HTTP/1.0"])
    #expect(values("status") == ["200", "200", "404", "206", "416", "206"])
    #expect(values("bytes").prefix(2) == ["5", "0"])
    #expect(values("bytes")[3] == "2")
    #expect(try #require(Int(values("bytes")[5])) > 20)
    #expect(values("remote").allSatisfy { $0 == "127.0.0.1" })
    #expect(values("referer")[0] == "http://r/")
    // Bytes that are not ASCII are logged as single characters.
    #expect(values("user_agent")[0] == "a\"b\\c\td\u{C3}\u{A9}")
    #expect(Set(values("id")).count == 6)
    #expect(values("id").allSatisfy { $0.count == 32 })
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    let time = try #require(formatter.date(from: values("time")[0]))
    #expect(abs(time.timeIntervalSinceNow) < 60)
  }

  @Test("the Combined Log Format, with everything but printable ASCII escaped")
  func combined() throws {
    let lines = try lines(
      .combined,
      [
        "GET /static/a.txt HTTP/1.1\r\nHost: x\r\nUser-Agent: \"; rm\u{E9}\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: x\r\nReferer: http://r/\r\n\r\n",
      ]
    )
    try #require(lines.count == 2)
    let stamp = #"\[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\]"#
    let first = #"^127\.0\.0\.1 - - "# + stamp + #" "GET /static/a\.txt HTTP/1\.1" 200 5 "-" "#
    #expect(lines[0].range(of: first, options: .regularExpression) != nil, "\(lines[0])")
    #expect(lines[0].hasSuffix(#" "-" "\x22; rm\xc3\xa9""#))
    #expect(lines[1].hasSuffix(#" "OPTIONS * HTTP/1.1" 204 0 "http://r/" "-""#))
  }

  @Test("a refused request is logged as well")
  func refused() throws {
    let lines = try lines(
      .combined,
      ["GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", "\u{16}\u{3}\u{1} hello\r\n\r\n"]
    )
    try #require(lines.count == 2)
    #expect(lines[0].contains(#" "GET / HTTP/1.1" 400 "#))
    #expect(lines[1].contains(#" "-" 400 "#))
  }

  @Test("the longest targets and fields fit, and a thousand lines keep their order")
  func many() throws {
    let long = String(repeating: "\u{1}", count: 7000)
    let requests = (0..<1000).map { "GET /static/a.txt?\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }
    let wide =
      "GET /static/%\(String(repeating: "\"", count: 8000)) HTTP/1.1\r\nHost: x\r\n"
      + "User-Agent: \(String(repeating: "\t", count: 100))x\(long)\r\n\r\n"
    let lines = try lines(.json, [requests.joined() + wide.replacing("\u{1}", with: "\"")])
    #expect(lines.count == 1001)
    for (number, line) in lines.prefix(1000).enumerated() {
      #expect(line.contains("\"target\":\"/static/a.txt?\(number)\""))
    }
  }

  @Test("a log without a reader delays neither clients nor the end")
  func nobodyReads() throws {
    directory.write("hello", to: "a.txt")
    var ends: [Int32] = [0, 0]
    try #require(cdescriptors_pipe(&ends) == 0)
    defer { ends.forEach { close($0) } }
    var configuration = StaticServer.Configuration(listeners: [.ipv4(0x7F00_0001, port: 0)])
    configuration.workers = 1
    configuration.grace = .seconds(0)
    configuration.accessLog = AccessLog(format: .json, descriptor: ends[1])
    let server = try StaticServer(
      table: FileTable(root: directory.path),
      configuration: configuration
    )
    guard case .ipv4(_, let port) = server.addresses[0] else { fatalError("no port") }
    let client = HTTPClient(port: port)
    let burst = String(repeating: "GET /static/a.txt HTTP/1.1\r\nHost: x\r\n\r\n", count: 100)
    for _ in 0..<50 {
      client.send(burst)
      for _ in 0..<100 { #expect(client.response()?.status == 200) }
    }
    server.stop()
  }
}
