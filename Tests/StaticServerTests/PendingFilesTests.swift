import Foundation
import StaticAssets
import TestSupport
import Testing

@testable import StaticServer

/// A server that starts before its files have been listed.
///
/// Goal: the app's pages do not wait for the files, and requests for files are neither lost, nor
/// answered wrongly, nor out of order.
@Suite struct PendingFilesTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("file", to: "a.txt")
  }

  private var mounts: [FileTable.Mount] {
    [FileTable.Mount(directory.path, at: "/static/", kind: .collected)]
  }

  /// A server with one loop, so that a response shows that all earlier bytes were handled, and an app
  /// that responds with the target.
  private func serve(
    isLive: Bool = false,
    _ change: (inout StaticServer.Configuration) -> Void = { _ in }
  ) throws -> (server: StaticServer, port: UInt16, complete: () throws -> Void) {
    var options = FileTable.Options()
    options.upstreamPaths = ["/"]
    if isLive { options.live = [LiveDirectory(directory.path, at: "/static/", kind: .root)] }
    var configuration = StaticServer.Configuration(listeners: [.ipv4(0x7F00_0001, port: 0)])
    configuration.workers = 1
    configuration.grace = .seconds(0)
    configuration.handler = HandlerConfiguration { request in
      HandlerResponse(text: "app \(request.target)")
    }
    configuration.handler?.executor = ThreadExecutor()
    change(&configuration)
    let table = try FileTable(pending: mounts, options: options)
    let server = try StaticServer(table: table, configuration: configuration)
    guard case .ipv4(_, let port) = server.addresses[0] else { fatalError("no port") }
    return (
      server, port,
      { [mounts, options] in
        server.replaceTable(with: try FileTable(mounts: mounts, options: options))
      }
    )
  }

  private static func get(_ path: String, _ method: String = "GET", _ fields: String = "") -> String
  {
    "\(method) \(path) HTTP/1.1\r\nHost: x\r\n\(fields)\r\n"
  }

  @Test(
    "requests are answered in order, the app's before the files are known",
    arguments: [
      (get("/page"), ["app /page"], []), (get("/static/a.txt"), [], ["file"]),
      (get("/page") + get("/static/a.txt") + get("/last"), ["app /page"], ["file", "app /last"]),
      (
        get("/static/a.txt") + get("/page") + get("/static/a.txt"), [],
        ["file", "app /page", "file"]
      ),
      (
        get("/static/a.txt", "GET", "Content-Length: 3\r\n") + "abc" + get("/page"), [],
        ["file", "app /page"]
      ),
      (get("/%73tatic/a.txt"), [], ["file"]),
      ("\r\n" + get("/static/a.txt"), [], ["file"]),
    ],
    [false, true]
  )
  func order(_ row: (bytes: String, now: [String], later: [String]), isLive: Bool) throws {
    let (server, port, complete) = try serve(isLive: isLive)
    let (client, probe) = (HTTPClient(port: port), HTTPClient(port: port))
    client.send(row.bytes)
    for text in row.now { #expect(client.response()?.text == text) }
    #expect(probe.get("/probe")?.text == "app /probe")
    #expect(server.statistics.successes == row.now.count + 1)
    try complete()
    for text in row.later { #expect(client.response()?.text == text) }
    #expect(probe.get("/static/a.txt")?.text == "file")
    server.stop()
  }

  @Test("a head in two parts, and many connections")
  func parts() throws {
    let (server, port, complete) = try serve()
    let clients = (0..<50).map { _ in HTTPClient(port: port) }
    for client in clients { client.send("GET /static/a.txt HT") }
    let probe = HTTPClient(port: port)
    #expect(probe.get("/probe")?.status == 200)
    for client in clients.prefix(25) { client.send("TP/1.1\r\nHost: x\r\n\r\n") }
    #expect(probe.get("/probe")?.status == 200)
    try complete()
    for client in clients.suffix(25) { client.send("TP/1.1\r\nHost: x\r\n\r\n") }
    for client in clients { #expect(client.response()?.text == "file") }
    server.stop()
  }

  @Test(
    "a client that leaves while it waits is dropped, never passed on, and logged",
    arguments: [true, false],
    ["GET", "POST"]
  )
  func leaver(isReset: Bool, method: String) throws {
    let log = LogFile()
    let (server, port, complete) = try serve { $0.accessLog = log.log() }
    let probe = HTTPClient(port: port)
    do {
      let client = HTTPClient(port: port)
      client.send(Self.get("/static/left", method, method == "POST" ? "Content-Length: 0\r\n" : ""))
      #expect(probe.get("/probe")?.status == 200)
      if isReset { client.resetAtEnd() }
    }
    #expect(eventually { server.statistics.connectionsClosed == 1 })
    #expect(server.statistics.abandoned == 1)
    try complete()
    #expect(probe.get("/static/a.txt")?.text == "file")
    #expect(server.statistics.successes == 2)
    server.stop()
    #expect(log.statuses(of: "/static/left") == [499])
  }

  @Test("a client that shuts down its sending side gets its response where that is allowed")
  func halfClosed() throws {
    let (server, port, complete) = try serve { $0.handler?.allowsHalfClosedClients = true }
    let (client, probe) = (HTTPClient(port: port), HTTPClient(port: port))
    client.send(Self.get("/static/a.txt"))
    #expect(probe.get("/probe")?.status == 200)
    client.finish()
    #expect(probe.get("/probe")?.status == 200)
    try complete()
    #expect(client.response()?.text == "file")
    server.stop()
  }

  @Test("the log, the histogram and the app are told how long a request has waited")
  func times() throws {
    let log = LogFile()
    let start = ContinuousClock.now
    let (server, port, complete) = try serve { $0.accessLog = log.log(.json) }
    let (client, probe) = (HTTPClient(port: port), HTTPClient(port: port))
    client.send(Self.get("/static/a.txt"))
    #expect(probe.get("/probe")?.status == 200)
    let received = ContinuousClock.now
    #expect(eventually { ContinuousClock.now - received > .milliseconds(20) })
    let wait = ContinuousClock.now - received
    try complete()
    #expect(client.response()?.text == "file")
    server.stop()
    let line = try #require(log.lines.first { $0.contains("/static/a.txt") })
    let field = try #require(line.components(separatedBy: "\"duration_ms\":").last)
    let duration = try #require(Double(field.prefix { $0.isNumber || $0 == "." }))
    #expect(Duration.milliseconds(duration) >= wait, "\(line)")
    #expect(Duration.milliseconds(duration) <= ContinuousClock.now - start)
  }

  @Test("a stop answers what waits if the files are known by then, else refuses it")
  func stop() throws {
    for isComplete in [true, false] {
      let (server, port, complete) = try serve { $0.grace = .seconds(600) }
      let (client, probe) = (HTTPClient(port: port), HTTPClient(port: port))
      client.send(Self.get("/static/a.txt"))
      #expect(probe.get("/probe")?.status == 200)
      if isComplete { try complete() }
      server.stop()
      let answer = client.response()
      #expect(answer?.status == (isComplete ? 200 : 503))
      #expect(answer?["Retry-After"] == (isComplete ? nil : "2"))
    }
  }

  @Test("the health path reports ready once the files are known")
  func health() throws {
    let (server, port, complete) = try serve { $0.healthPath = "/up" }
    let client = HTTPClient(port: port)
    #expect(client.get("/up")?.status == 503)
    try complete()
    #expect(client.get("/static/a.txt")?.text == "file")
    #expect(client.get("/up")?.status == 200)
    server.stop()
  }
}
