import CDescriptors
import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Apps and clients that end, stop or are late, in each phase of a request.
///
/// Goal: a request is sent to the app twice only if that is safe; each failure has its status, and
/// the server continues.
@Suite struct ForwardingFailureTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\napp"

  /// Sends one request with a little content, unless it is a GET.
  private func ask(_ client: HTTPClient, _ method: String, byteCount: Int = 3) -> HTTPResponse? {
    if method == "GET" { return client.get("/page") }
    client.send("\(method) /page HTTP/1.1\r\nHost: test\r\nContent-Length: \(byteCount)\r\n\r\n")
    client.send(String(repeating: "a", count: byteCount))
    return client.response()
  }

  @Test(
    "a request on a connection that the app closes is repeated once, if it may be",
    arguments: [("GET", 200, 3), ("PUT", 200, 3), ("DELETE", 200, 3), ("POST", 502, 2)]
  )
  func repeated(method: String, status: Int, requestCount: Int) throws {
    let app = RecordingApp { connection in
      guard connection.request() != nil else { return }
      connection.send(Self.ok)
      // The second request is read and not answered.
      _ = connection.request()
    }
    let (server, port) = try directory.serve(before: app) {
      $0.forwarding?.firstReadByteCount = 4096
    }
    let client = HTTPClient(port: port)
    #expect(ask(client, method)?.status == 200)
    #expect(ask(client, method)?.status == status)
    #expect(app.requests.count == requestCount)
    #expect(server.statistics.repeated == (status == 200 ? 1 : 0))
    server.stop()
  }

  @Test("a request that may not be repeated gets a new connection, unless a reset is conclusive")
  func ownConnection() throws {
    let app = RecordingApp { connection in
      while connection.request() != nil { connection.send(Self.ok) }
    }
    let (server, port) = try directory.serve(before: app) {
      $0.forwarding?.firstReadByteCount = 4096
    }
    let client = HTTPClient(port: port)
    for (method, byteCount, count) in [
      ("POST", 3, 1), ("POST", 3, 1), ("PUT", 5000, 1), ("POST", 5000, 2), ("POST", 5000, 3),
      ("GET", 0, 3),
    ] {
      #expect(ask(client, method, byteCount: byteCount)?.status == 200)
      #expect(app.connectionCount == count)
    }
    server.stop()
  }

  @Test("a request without a response is repeated at most once", arguments: ["GET", "POST"])
  func neverAnswered(method: String) throws {
    let app = RecordingApp { _ = $0.request() }
    let (server, port) = try directory.serve(before: app)
    #expect(ask(HTTPClient(port: port), method)?.status == 502)
    #expect(app.requests.count == (method == "GET" ? 2 : 1))
    server.stop()
  }

  @Test("a request that a reset on a new connection shows to be unread is repeated if it may be")
  func reset() throws {
    // Content that an app reads with one call cannot have been read in part.
    let rows = [("GET", 3, 200), ("POST", 3, 200), ("POST", 5000, 502), ("PUT", 5000, 200)]
    for (method, byteCount, status) in rows {
      let app = RecordingApp { connection in
        // Closed with the request unread, as gunicorn's gthread workers do at a reload.
        if connection.index == 0 {
          connection.awaitRequest(contentByteCount: method == "GET" ? 0 : byteCount)
          return
        }
        while connection.request() != nil { connection.send(Self.ok) }
      }
      let (server, port) = try directory.serve(before: app) {
        $0.forwarding?.firstReadByteCount = 4096
      }
      #expect(ask(HTTPClient(port: port), method, byteCount: byteCount)?.status == status)
      #expect(app.requests.count == (status == 200 ? 1 : 0))
      server.stop()
    }
  }

  @Test(
    "content after a response without content is never parsed as the next response",
    arguments: [
      ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"),
      ("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
      ("HEAD", "HTTP/1.1 200 OK\r\n\r\n"),
    ]
  )
  func surplusOfNothing(method: String, head: String) throws {
    let app = RecordingApp { connection in
      while let request = connection.request() {
        guard request.lines[0].hasSuffix("/first HTTP/1.1") else {
          connection.send(Self.ok)
          continue
        }
        connection.send(head)
        // After the next request, or after the end of a connection that is not reused.
        connection.awaitRequest()
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged")
      }
    }
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    #expect(client.get("/first", method: method) != nil)
    #expect(client.get("/second")?.text == "app")
    #expect(app.connectionCount == 2)
    server.stop()
  }

  @Test("a connection that was closed while idle, or is old, is not reused")
  func idle() throws {
    let app = RecordingApp { connection in
      guard connection.request() != nil else { return }
      connection.send(Self.ok)
      if connection.index == 0 { return }
      while connection.request() != nil { connection.send(Self.ok) }
    }
    let (server, port) = try directory.serve(before: app) {
      $0.forwarding?.firstReadByteCount = 4096
    }
    let client = HTTPClient(port: port)
    #expect(ask(client, "POST")?.status == 200)
    #expect(eventually { app.endedCount == 1 })
    #expect(ask(client, "POST")?.status == 200)
    #expect(app.connectionCount == 2)
    // The server closes an old connection.
    #expect(eventually { app.endedCount == 2 })
    #expect(ask(client, "POST")?.status == 200)
    #expect(app.connectionCount == 3)
    #expect(server.statistics.repeated == 0)
    server.stop()
  }

  @Test("bytes after a response reach no client, and end the connection")
  func surplus() throws {
    let app = RecordingApp { connection in
      while connection.request() != nil { connection.send(Self.ok + Self.ok) }
    }
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    for _ in 0..<5 { #expect(client.get("/page")?.text == "app") }
    #expect(app.connectionCount == 5)
    server.stop()
  }

  @Test("an app that does not listen is 502, or 503 after waiting for it")
  func absent() throws {
    let missing = directory.path("none.sock")
    let (server, port) = try directory.serve {
      $0.forwarding = ForwardingConfiguration(to: .unix(path: missing))
    }
    #expect(HTTPClient(port: port).get("/page")?.status == 502)
    #expect(HTTPClient(port: port).get("/static/a.txt")?.text == "hello")
    server.stop()
    let (patient, patientPort) = try directory.serve {
      $0.forwarding = ForwardingConfiguration(to: .unix(path: missing))
      $0.forwarding?.startupHold = .seconds(1)
    }
    let start = ContinuousClock.now
    let answer = try #require(HTTPClient(port: patientPort).get("/page"))
    #expect(answer.status == 503)
    #expect(answer["Retry-After"] == "2")
    #expect(start.duration(to: .now) > .milliseconds(900))
    patient.stop()
  }

  @Test("a request waits for an app that starts")
  func starting() throws {
    let path = directory.path("late.sock")
    let (server, port) = try directory.serve {
      $0.forwarding = ForwardingConfiguration(to: .unix(path: path))
      $0.forwarding?.startupHold = .seconds(9)
    }
    let client = HTTPClient(port: port)
    client.send("GET /page HTTP/1.1\r\nHost: test\r\n\r\n")
    #expect(eventually { server.statistics.forwarded == 1 })
    let listener = RecordingApp.listen(at: path)
    let socket = cdescriptors_accept(listener)
    let connection = AppConnection(socket, index: 0) { _ in }
    #expect(connection.request() != nil)
    connection.send(Self.ok)
    #expect(client.response()?.text == "app")
    server.stop()
    close(listener)
  }

  @Test("a TCP port without a listener is 502, one with a listener works")
  func tcp() throws {
    let (app, appPort) = try directory.serve()
    let (server, port) = try directory.serve {
      $0.forwarding = ForwardingConfiguration(to: .tcp(address: [127, 0, 0, 1], port: appPort))
    }
    let client = HTTPClient(port: port)
    for _ in 0..<3 {
      let answer = try #require(client.get("/other"))
      #expect(answer.status == 404)
    }
    #expect(app.statistics.connectionsAccepted == 1)
    app.stop()
    #expect(client.get("/other")?.status == 502)
    server.stop()
  }

  @Test("an app that takes too long is 504", arguments: [false, true])
  func slow(hasBegun: Bool) throws {
    let app = RecordingApp { connection in
      guard connection.request() != nil else { return }
      if hasBegun { connection.send("HTTP/1.1 200 OK\r\nContent-Le") }
      _ = connection.request()
    }
    let (server, port) = try directory.serve(before: app) {
      $0.forwarding?.responseTimeout = .seconds(1)
    }
    let start = ContinuousClock.now
    let client = HTTPClient(port: port)
    #expect(client.get("/page")?.status == 504)
    #expect(start.duration(to: .now) > .milliseconds(900))
    #expect(client.get("/static/a.txt")?.text == "hello")
    server.stop()
  }

  @Test("an app that stops in the middle of a response ends the client's connection")
  func stalled() throws {
    let app = RecordingApp { connection in
      guard connection.request() != nil else { return }
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello")
      _ = connection.request()
    }
    let (server, port) = try directory.serve(before: app) {
      $0.forwarding?.responseTimeout = .seconds(1)
    }
    #expect(HTTPClient(port: port).get("/page") == nil)
    server.stop()
  }

  @Test("a client that leaves before the response ends the app's connection")
  func abandoned() throws {
    let ended = DispatchSemaphore(value: 0)
    let asked = DispatchSemaphore(value: 0)
    let app = RecordingApp { connection in
      _ = connection.request()
      asked.signal()
      if connection.request() == nil { ended.signal() }
    }
    let (server, port) = try directory.serve(before: app)
    var client: HTTPClient? = HTTPClient(port: port)
    client?.send("GET /page HTTP/1.1\r\nHost: test\r\n\r\n")
    #expect(asked.wait(timeout: .now() + 60) == .success)
    client?.resetAtEnd()
    client = nil
    #expect(ended.wait(timeout: .now() + 60) == .success)
    #expect(eventually { server.statistics.abandoned == 1 })
    #expect(eventually { server.statistics.connectionsOpen == 0 })
    server.stop()
  }

  @Test("a client that may shut down its side alone gets its responses", arguments: [false, true])
  func halfClosed(isPipelined: Bool) throws {
    let asked = DispatchSemaphore(value: 0)
    let finished = DispatchSemaphore(value: 0)
    let app = RecordingApp { connection in
      while connection.request() != nil {
        asked.signal()
        finished.wait()
        finished.signal()
        connection.send(Self.ok)
      }
    }
    let (server, port) = try directory.serve(before: app) {
      $0.forwarding?.allowsHalfClosedClients = true
    }
    let client = HTTPClient(port: port)
    let request = "GET /page HTTP/1.1\r\nHost: test\r\n\r\n"
    client.send(request)
    #expect(asked.wait(timeout: .now() + 60) == .success)
    if isPipelined { client.send(request) }
    client.finish()
    letLoopsTurn(port)
    finished.signal()
    #expect(client.response()?.text == "app")
    if isPipelined { #expect(client.response()?.text == "app") }
    #expect(client.isClosed)
    #expect(server.statistics.abandoned == 0)
    #expect(eventually { server.statistics.connectionsOpen == 0 })
    server.stop()
  }

  @Test("a request whose client leaves in the middle of its content never reaches the app")
  func halfContent() throws {
    let app = RecordingApp(answering: Self.ok)
    let (server, port) = try directory.serve(before: app)
    var client: HTTPClient? = HTTPClient(port: port)
    client?.send("POST /page HTTP/1.1\r\nHost: test\r\nContent-Length: 100000\r\n\r\nabc")
    #expect(eventually { server.statistics.forwarded == 1 })
    client = nil
    #expect(eventually { server.statistics.connectionsOpen == 0 })
    #expect(app.connectionCount == 0)
    server.stop()
  }

  @Test("stalled content is 408, and the request does not reach the app")
  func slowContent() throws {
    let app = RecordingApp(answering: Self.ok)
    let (server, port) = try directory.serve(before: app) { $0.contentTimeout = .seconds(1) }
    let client = HTTPClient(port: port)
    client.send("POST /page HTTP/1.1\r\nHost: test\r\nContent-Length: 100000\r\n\r\nabc")
    #expect(client.response()?.status == 408)
    #expect(app.connectionCount == 0)
    server.stop()
  }

  @Test("a response to content that the app does not read reaches the client")
  func earlyAnswer() throws {
    let app = RecordingApp { connection in
      _ = connection.request(readsContent: false)
      connection.send("HTTP/1.1 413 Large\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlarge")
    }
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    let content = TemporaryDirectory.pattern(20_000_000)
    for _ in 0..<3 {
      client.send("POST /page HTTP/1.1\r\nHost: test\r\nContent-Length: \(content.count)\r\n\r\n")
      client.send(content)
      let answer = try #require(client.response())
      #expect(answer.status == 413)
      #expect(answer.text == "large")
    }
    server.stop()
  }

  @Test("a stop finishes requests at the app")
  func stop() throws {
    let asked = DispatchSemaphore(value: 0)
    let answers = DispatchSemaphore(value: 0)
    let app = RecordingApp { connection in
      _ = connection.request()
      asked.signal()
      answers.wait()
      connection.send(Self.ok)
    }
    let (server, port) = try directory.serve(before: app) { $0.grace = .seconds(60) }
    let client = HTTPClient(port: port)
    client.send("GET /page HTTP/1.1\r\nHost: test\r\n\r\n")
    #expect(asked.wait(timeout: .now() + 60) == .success)
    let stopping = Thread { [server = Unchecked(server)] in server.value.stop() }
    stopping.start()
    #expect(awaitRefusal(port))
    answers.signal()
    let answer = try #require(client.response())
    #expect(answer.text == "app")
    #expect(answer["Connection"] == "close")
    #expect(eventually { stopping.isFinished })
  }
}
