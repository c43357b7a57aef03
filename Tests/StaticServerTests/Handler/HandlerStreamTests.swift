import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Handlers that read content while it arrives, that are stopped, and that decline a request, over
/// real sockets.
///
/// Goal: a handler belongs to the program that runs the server: it sees its task-local values, is
/// notified of a stop, and is cancelled when its client has left.
@Suite struct HandlerStreamTests {
  private let directory = TemporaryDirectory()

  private func serve(
    grace: Duration = .seconds(0),
    _ change: (inout HandlerConfiguration) -> Void = { _ in },
    _ handler: @escaping RequestHandler
  ) throws -> (server: StaticServer, port: UInt16) {
    try directory.serve { configuration in
      var configured = HandlerConfiguration(handler)
      configured.executor = ThreadExecutor()
      configured.streamsContent = true
      change(&configured)
      configuration.handler = configured
      configuration.grace = grace
    }
  }

  // MARK: - Content

  @Test(
    "the handler has the first piece before the client sends the last",
    arguments: [true, false]
  )
  func early(isChunked: Bool) throws {
    let pieces = Lines()
    let (server, port) = try serve { request in
      var count = 0
      for try await piece in request.content {
        count += piece.count
        pieces.add(String(decoding: piece, as: UTF8.self))
      }
      return HandlerResponse(text: "\(count) \(request.content.byteCount.map { "\($0)" } ?? "-")")
    }
    let client = HTTPClient(port: port)
    let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: 10"
    func piece(_ text: String) -> String { isChunked ? "5\r\n\(text)\r\n" : text }
    client.send("POST / HTTP/1.1\r\nHost: x\r\n\(framing)\r\n\r\n")
    client.send(piece("first"))
    try pieces.wait(for: ["first"])
    client.send(piece("again") + (isChunked ? "0\r\n\r\n" : ""))
    #expect(client.response()?.text == (isChunked ? "10 -" : "10 10"))
    // The connection stays open.
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok")
    #expect(client.response()?.text == "2 2")
    server.stop()
  }

  @Test("both directions at once: more than any buffer holds, both ways")
  func echo() throws {
    let (server, port) = try serve { request in
      HandlerResponse(
        body: .stream(byteCount: request.content.byteCount) { writer in
          for try await piece in request.content { try await writer.write(piece) }
        }
      )
    }
    let bytes = TemporaryDirectory.pattern(20 << 20)
    let client = HTTPClient(port: port)
    let sender = Thread {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(bytes.count)\r\n\r\n")
      client.send(bytes)
    }
    sender.start()
    #expect(client.response()?.body == bytes)
    server.stop()
  }

  @Test("a handler that does not read slows the client down, and memory stays bounded")
  func slowHandler() throws {
    let gate = Lines()
    let (server, port) = try serve { request in
      try gate.wait(for: [""])
      var count = 0
      for try await piece in request.content { count += piece.count }
      return HandlerResponse(text: "\(count)")
    }
    let client = HTTPClient(port: port)
    let byteCount = 64 << 20
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(byteCount)\r\n\r\n")
    // Until the buffers of both sides are full: the handler reads nothing.
    var (sent, more) = (0, 1)
    while more > 0, sent < byteCount {
      more = client.fill(with: [UInt8](repeating: 1, count: 65536))
      sent += more
      letLoopsTurn(port)
    }
    #expect(sent < byteCount)
    gate.add("")
    client.send([UInt8](repeating: 1, count: byteCount - sent))
    #expect(client.response()?.text == "\(byteCount)")
    server.stop()
  }

  @Test(
    "100 (Continue) is sent when the handler reads, and not when it refuses",
    arguments: [true, false]
  )
  func expectation(reads: Bool) throws {
    let (server, port) = try serve { request in
      guard reads else { return HandlerResponse(status: 401, text: "no") }
      return HandlerResponse(text: "\(try await request.content.collect(upTo: 100).count)")
    }
    let client = HTTPClient(port: port)
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
    if reads {
      let interim = "HTTP/1.1 100 Continue\r\n\r\n"
      #expect(client.bytes(interim.utf8.count) == Array(interim.utf8))
      client.send("abc")
      #expect(client.response()?.text == "3")
    } else {
      #expect(client.response()?.status == 401)
      #expect(client.isClosed)
    }
    server.stop()
  }

  @Test("a response before the end of the content is sent, and the connection ends")
  func earlyResponse() throws {
    let (server, port) = try serve { _ in HandlerResponse(status: 413, text: "too much") }
    let client = HTTPClient(port: port)
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
    let answer = try #require(client.response())
    #expect(answer.status == 413 && answer.text == "too much")
    client.finish()
    #expect(client.isClosed)
    server.stop()
  }

  /// Why content is incomplete.
  enum Fault: String, CaseIterable, Sendable {
    case clientLeaves, malformed, tooLarge, serverEnds
  }

  @Test("reading fails if the content is incomplete", arguments: Fault.allCases)
  func incomplete(fault: Fault) throws {
    let reports = Lines()
    let (server, port) = try serve({ $0.contentBytesMax = 10 }) { request in
      do {
        for try await _ in request.content { reports.add("piece") }
        reports.add("end")
      } catch let error as HandlerContent.ReadError {
        reports.add("\(error.code) \(Task.isCancelled)")
      }
      return HandlerResponse()
    }
    let client = HTTPClient(port: port)
    client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
    try reports.wait(for: ["piece"])
    switch fault {
    case .clientLeaves: client.finish()
    case .malformed:
      client.send("x\r\n")
      #expect(client.response()?.status == 400)
    case .tooLarge:
      client.send("8\r\n12345678\r\n")
      #expect(client.response()?.status == 413)
    case .serverEnds: server.stop()
    }
    try reports.wait(for: ["piece", "incomplete true"])
    server.stop()
  }

  // MARK: - The end

  /// A task-local value of the task that runs the server.
  @TaskLocal static var context = "none"

  @Test("a handler has the task-local values of the task that runs the server")
  func taskLocal() async throws {
    let (server, port) = try serve(grace: .seconds(60)) { _ in
      let own = Self.context
      return HandlerResponse(
        body: .stream { writer in try await writer.write("\(own) \(Self.context)") }
      )
    }
    // The server does not run in a task yet.
    #expect(HTTPClient(port: port).get("/")?.text == "none none")
    // Tests block the threads of the pool.
    let running = Task(executorPreference: ThreadExecutor()) {
      try await Self.$context.withValue("run") { try await server.run() }
    }
    #expect(eventually { HTTPClient(port: port).get("/")?.text == "run run" })
    running.cancel()
    try await running.value
    #expect(server.hasStopped)
  }

  @Test("an endless stream ends completely at a stop, long before the grace time")
  func endlessStream() async throws {
    let begun = Lines()
    let (server, port) = try serve(grace: .seconds(3600)) { _ in
      HandlerResponse(
        body: .stream(isEndless: true) { writer in
          try await writer.write("begin ")
          begun.add("")
          // Ends when the task is cancelled.
          try? await Task.sleep(for: .seconds(3600))
          try await writer.write("end")
        }
      )
    }
    let client = HTTPClient(port: port)
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    try begun.wait(for: [""])
    let running = Task(executorPreference: ThreadExecutor()) { try await server.run() }
    running.cancel()
    let bytes = client.rest()
    #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("3\r\nend\r\n0\r\n\r\n"))
    try await running.value
  }

  @Test("a stream that begins after a stop ends, too")
  func lateStream() async throws {
    let begun = Lines()
    let gate = Lines()
    let (server, port) = try serve(grace: .seconds(3600)) { _ in
      begun.add("")
      try gate.wait(for: [""])
      return HandlerResponse(
        body: .stream(isEndless: true) { writer in
          try? await Task.sleep(for: .seconds(3600))
          try await writer.write("end")
        }
      )
    }
    let client = HTTPClient(port: port)
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    try begun.wait(for: [""])
    server.beginStopping()
    #expect(awaitRefusal(port))
    gate.add("")
    #expect(String(decoding: client.rest(), as: UTF8.self).contains("end"))
    try await server.run()
  }

  @Test("a client that leaves a stream cancels its task")
  func leaving() throws {
    let lines = Lines()
    let (server, port) = try serve { _ in
      HandlerResponse(
        body: .stream { writer in
          try await writer.write("begin")
          lines.add("begun")
          do { try await Task.sleep(for: .seconds(3600)) } catch { lines.add("cancelled") }
        }
      )
    }
    var client: HTTPClient? = HTTPClient(port: port)
    client?.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    try lines.wait(for: ["begun"])
    client = nil
    try lines.wait(for: ["begun", "cancelled"])
    server.stop()
  }

  // MARK: - Requests that the handler declines

  /// A handler's response to a request.
  enum Answer: String, CaseIterable, Sendable {
    case leaves, throwsNotFound, own404
  }

  @Test(
    "the page and the error page are sent only for requests that the handler declines",
    arguments: Answer.allCases,
    [(false, false), (true, false), (false, true), (true, true)]
  )
  func left(answer: Answer, pages: (fallback: Bool, error: Bool)) throws {
    let files = TemporaryDirectory()
    var options = FileTable.Options()
    if pages.fallback {
      options.fallbacks = [.init(files.write("fallback", to: "index.html"))]
    }
    if pages.error { options.errorPages = [.notFound: files.write("error page", to: "404.html")] }
    var configuration = StaticServer.Configuration(listeners: [.ipv4(0x7F00_0001, port: 0)])
    configuration.grace = .seconds(0)
    configuration.handler = HandlerConfiguration { request in
      if request.path == "/route" { return HandlerResponse(text: "route") }
      switch answer {
      case .leaves: return .notFound
      case .throwsNotFound: throw HandlerResponse.NotFound()
      case .own404: return HandlerResponse(status: 404, text: "own")
      }
    }
    configuration.handler?.executor = ThreadExecutor()
    let mount = FileTable.Mount(directory.path, at: "/", kind: .public)
    let server = try StaticServer(
      table: try FileTable(mounts: [mount], options: options),
      configuration: configuration
    )
    defer { server.stop() }
    guard case .ipv4(_, let port) = server.addresses[0] else { fatalError("no port") }
    let client = HTTPClient(port: port)
    // Routes take precedence.
    #expect(client.get("/route", "Accept: text/html")?.text == "route")
    let page = try #require(client.get("/users/7", "Accept: text/html"))
    let other = try #require(client.get("/users/7", "Accept: application/json"))
    let head = try #require(client.get("/users/7", "Accept: text/html", method: "HEAD"))
    #expect(head.status == page.status && head.body.isEmpty)
    if answer == .own404 {
      #expect(page.status == 404 && page.text == "own")
      #expect(other.status == 404 && other.text == "own")
    } else {
      #expect(page.status == (pages.fallback ? 200 : 404))
      if pages.fallback {
        #expect(page.text == "fallback")
      } else if pages.error {
        #expect(page.text == "error page")
      }
      #expect(other.status == 404)
      if pages.error { #expect(other.text == "error page") }
    }
    #expect(client.get("/route")?.text == "route")
  }
}

/// Lines added by one task and awaited by another.
private final class Lines: Sendable {
  private let lock = NSLock()
  private nonisolated(unsafe) var stored: [String] = []

  var all: [String] { lock.withLock { stored } }

  func add(_ line: String) { lock.withLock { stored.append(line) } }

  /// Returns when the lines equal `expected`.
  func wait(for expected: [String]) throws {
    try #require(eventually { all == expected }, "\(all)")
  }
}
