import Foundation
import StaticAssets
import TestSupport
import Testing

@testable import StaticServer

/// The health path on the main listener.
///
/// Goal: one response for platforms, whatever the host, before files, redirects and the app.
@Suite struct HealthPathTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("a file", to: "up")
  }

  private func serve(
    _ change: (inout StaticServer.Configuration) -> Void = { _ in }
  ) throws -> (server: StaticServer, port: UInt16) {
    try directory.serveWithoutGrace {
      $0.healthPath = "/static/up"
      change(&$0)
    }
  }

  @Test(
    "200 for any host and either version, with a query or without",
    arguments: [
      "GET /static/up HTTP/1.1\r\nHost: x\r\n",
      "GET /static/up HTTP/1.1\r\nHost: 10.0.0.7:8000\r\n",
      "GET /static/up HTTP/1.1\r\nHost: health.example\r\n", "GET /static/up HTTP/1.0\r\n",
      "GET /static/up?probe=1 HTTP/1.1\r\nHost: x\r\n",
      "GET http://h/static/up HTTP/1.1\r\nHost: h\r\n",
    ]
  )
  func answers(head: String) throws {
    let app = HoldingApp()
    let (server, port) = try serve {
      $0.forwarding = ForwardingConfiguration(to: app.app.address)
      $0.forwardingPolicy.trust = .everyone
      $0.forwardingPolicy.redirectsToHTTPS = true
    }
    server.noteAppListens()
    let client = HTTPClient(port: port)
    client.send(head + "X-Forwarded-Proto: http\r\n\r\n")
    let answer = try #require(client.response())
    #expect(answer.status == 200)
    #expect(answer.text == "ok\n")
    #expect(answer["Cache-Control"] == "no-store")
    #expect(answer["Content-Type"]?.hasPrefix("text/plain") == true)
    #expect(app.targets == [])
    server.stop()
  }

  @Test(
    "HEAD has no content, other methods are 405, other paths are unaffected; one connection"
  )
  func methods() throws {
    let log = LogFile()
    let (server, port) = try serve { $0.accessLog = log.log() }
    let client = HTTPClient(port: port)
    client.ask("/static/up", method: "HEAD")
    let head = try #require(client.response(hasBody: false))
    #expect(head.status == 200)
    #expect(head["Content-Length"] == "3")
    for method in ["POST", "OPTIONS", "DELETE"] {
      let answer = try #require(client.get("/static/up", method: method))
      #expect(answer.status == 405)
      #expect(answer["Allow"] == "GET, HEAD")
    }
    for path in ["/static/up/", "/static/u", "/static/upp", "/static/UP", "/"] {
      #expect(client.get(path)?.status == 404)
    }
    #expect(client.get("/static/up")?.text == "ok\n")
    server.stop()
    #expect(log.statuses(of: "/static/up") == [200, 405, 405, 405, 200])
  }

  @Test("pipelined probes keep their order, and content in a probe ends the connection")
  func pipelined() throws {
    let (server, port) = try serve()
    let client = HTTPClient(port: port)
    let probe = "GET /static/up HTTP/1.1\r\nHost: x\r\n\r\n"
    client.send(probe + "GET /none HTTP/1.1\r\nHost: x\r\n\r\n" + probe)
    #expect(
      [client.response(), client.response(), client.response()].map { $0?.status } == [
        200, 404, 200,
      ]
    )
    client.send("GET /static/up HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
    let last = try #require(client.response())
    #expect(last.status == 200)
    #expect(last["Connection"] == "close")
    #expect(client.rest() == [])
    server.stop()
  }

  @Test("503 until the app has responded, and again while the server stops")
  func readiness() throws {
    let app = HoldingApp()
    let log = LogFile()
    let (server, port) = try serve {
      $0.accessLog = log.log()
      $0.forwarding = ForwardingConfiguration(to: app.app.address)
      $0.grace = .seconds(30)
      $0.drainMilliseconds = 60_000
    }
    let client = HTTPClient(port: port)
    let starting = try #require(client.get("/static/up"))
    #expect(starting.status == 503)
    #expect(starting.text == "starting\n")
    #expect(starting["Cache-Control"] == "no-store")
    #expect(server.readiness == .starting)
    app.letGo()
    #expect(client.get("/page")?.status == 200)
    #expect(client.get("/static/up")?.status == 200)
    #expect(server.readiness == .ready)
    // Its first request is sent after the stop.
    let late = HTTPClient(port: port)
    #expect(eventually { server.statistics.connectionsAccepted == 2 })
    server.beginStopping()
    #expect(server.readiness == .draining)
    #expect(awaitRefusal(port))
    let draining = try #require(late.get("/static/up"))
    #expect(draining.status == 503)
    #expect(draining.text == "draining\n")
    let failures = server.metrics.failures.filter { $0.count > 0 }
    server.stop()
    // As every 503, with the reason.
    let probes = log.requests.filter { $0["target"] as? String == "/static/up" }
    #expect(probes.map { $0["status"] as? Int } == [503, 200, 503])
    #expect(probes.map { $0["reason"] as? String } == ["starting", nil, "draining"])
    #expect(failures.map { "\($0.reason.text)" } == ["starting", "draining"])
  }

  @Test("without the option the path is that of a file")
  func none() throws {
    let (server, port) = try directory.serveWithoutGrace()
    #expect(HTTPClient(port: port).get("/static/up")?.text == "a file")
    server.stop()
  }
}
