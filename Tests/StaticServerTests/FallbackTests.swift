import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Pages of single-page apps in front of an app, over real sockets.
///
/// Goal: the routes of an app always take precedence, its 404 becomes the page only for browsers,
/// and the connections on both sides stay usable.
@Suite struct FallbackTests {
  private let site = TemporaryDirectory()
  private let pages = TemporaryDirectory()

  /// An app with the routes `/admin/` and `/api/x`.
  private static func app(isChunked: Bool = false) -> RecordingApp {
    RecordingApp { connection in
      while let request = connection.request() {
        let path = request.lines[0].split(separator: " ")[1]
        let isKnown = path == "/admin/" || path == "/api/x"
        let status = isKnown ? "200 OK" : "404 Not Found"
        let isHead = request.lines[0].hasPrefix("HEAD")
        if isChunked {
          connection.send(
            "HTTP/1.1 \(status)\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=b\r\n\r\n"
          )
          if !isHead { connection.send("3\r\napp\r\n0\r\n\r\n") }
        } else {
          connection.send(
            "HTTP/1.1 \(status)\r\nContent-Length: 3\r\nSet-Cookie: a=b\r\n\r\n\(isHead ? "" : "app")"
          )
        }
      }
    }
  }

  private func serve(
    _ forwarding: ForwardingConfiguration? = nil,
    handler: HandlerConfiguration? = nil,
    pageByteCount: Int = 4,
    _ change: (inout FileTable.Options) -> Void = { _ in }
  ) throws -> (server: StaticServer, port: UInt16) {
    site.write("robots", to: "robots.txt")
    let page = pages.write(String(repeating: "page", count: pageByteCount / 4), to: "index.html")
    var options = FileTable.Options()
    options.fallbacks = [FileTable.Fallback(page)]
    change(&options)
    let table = try FileTable(mounts: [.init(site.path, at: "/", kind: .public)], options: options)
    var configuration = StaticServer.Configuration(listeners: [.ipv4(0x7F00_0001, port: 0)])
    configuration.workers = 1
    configuration.grace = .seconds(0)
    configuration.forwarding = forwarding
    configuration.handler = handler
    let server = try StaticServer(table: table, configuration: configuration)
    guard case .ipv4(_, let port) = server.addresses[0] else { fatalError("no port") }
    return (server, port)
  }

  @Test(
    "the app's own routes win, its 404 becomes the page for a navigating browser",
    arguments: [
      ("GET", "/admin/", "text/html", 200, "app"), ("GET", "/api/x", "text/html", 200, "app"),
      ("GET", "/users/7", "text/html,*/*;q=0.8", 200, "page"),
      ("GET", "/users/jane.doe", "text/html", 200, "page"),
      ("HEAD", "/users/7", "text/html", 200, ""), ("GET", "/api/y", "application/json", 404, "app"),
      ("GET", "/api/y", "*/*", 404, "app"), ("GET", "/none.js", "text/html", 404, "app"),
      ("POST", "/users/7", "text/html", 404, "app"),
      ("GET", "/robots.txt", "text/html", 200, "robots"),
    ],
    [false, true]
  )
  func order(row: (String, String, String, Int, String), isChunked: Bool) throws {
    let (method, path, accept, status, text) = row
    let app = Self.app(isChunked: isChunked)
    let (server, port) = try serve(ForwardingConfiguration(to: app.address))
    let client = HTTPClient(port: port)
    for _ in 0..<3 {
      client.send("\(method) \(path) HTTP/1.1\r\nHost: x\r\nAccept: \(accept)\r\n\r\n")
      let answer = try #require(client.response(hasBody: method != "HEAD"))
      #expect(answer.status == status && answer.text == text)
      if text == "page" || method == "HEAD" {
        #expect(answer["Vary"] == "Accept" && answer["Set-Cookie"] == nil)
        #expect(answer["Content-Length"] == "4" && answer["X-Request-Id"] != nil)
      }
    }
    // A completely received 404 leaves its connection usable.
    if !isChunked, path != "/robots.txt", method == "GET" { #expect(app.connectionCount == 1) }
    server.stop()
  }

  @Test("conditions apply to the page, which may be large", arguments: [4, 70_000, 400_000])
  func large(byteCount: Int) throws {
    let app = Self.app()
    let (server, port) = try serve(
      ForwardingConfiguration(to: app.address),
      pageByteCount: byteCount
    ) {
      $0.openFilesMax = 0
    }
    let client = HTTPClient(port: port)
    let answer = try #require(client.get("/users/7", "Accept: text/html"))
    #expect(answer.status == 200 && answer.body.count == byteCount)
    let tag = try #require(answer["ETag"])
    #expect(client.get("/users/7", "Accept: text/html", "If-None-Match: \(tag)")?.status == 304)
    let part = client.get("/users/7", "Accept: text/html", "Range: bytes=1-2")
    #expect(part?.status == 206 && part?.text == "ag")
    #expect(client.get("/admin/")?.text == "app")
    server.stop()
  }

  @Test("the same with a handler, and with the next table")
  func handler() throws {
    var handler = HandlerConfiguration { request in
      request.path == "/admin/" ? HandlerResponse(text: "app") : .notFound
    }
    handler.executor = ThreadExecutor()
    let (server, port) = try serve(handler: handler)
    let client = HTTPClient(port: port)
    #expect(client.get("/admin/", "Accept: text/html")?.text == "app")
    #expect(client.get("/users/7", "Accept: text/html")?.text == "page")
    #expect(client.get("/users/7")?.status == 404)
    var options = FileTable.Options()
    options.fallbacks = [FileTable.Fallback(pages.write("next", to: "next.html"))]
    server.replaceTable(
      with: try FileTable(mounts: [.init(site.path, at: "/", kind: .public)], options: options)
    )
    #expect(eventually { client.get("/users/7", "Accept: text/html")?.text == "next" })
    server.stop()
  }

  @Test("a path in the options precedes the app, and the app's paths precede everything")
  func named() throws {
    let app = Self.app()
    let (server, port) = try serve(ForwardingConfiguration(to: app.address)) {
      $0.fallbacks = [FileTable.Fallback($0.fallbacks[0].file, at: "/")]
      $0.appPaths = ["/api/", "/robots.txt/"]
      $0.refusesAmbiguousPaths = true
    }
    let client = HTTPClient(port: port)
    #expect(client.get("/admin/")?.text == "page")
    #expect(client.get("/api/x")?.text == "app")
    #expect(client.get("/robots.txt")?.text == "app")
    #expect(client.get("/x/../api/x")?.status == 400)
    server.stop()
  }

  @Test("redirects over a socket, several on one connection")
  func redirects() throws {
    let app = Self.app()
    let (server, port) = try serve(ForwardingConfiguration(to: app.address)) {
      $0.redirects = try! RedirectRules(Array("/old/* /new/:splat 308\n".utf8))
    }
    let client = HTTPClient(port: port)
    let rest = String(repeating: "a%20", count: 1500)
    for _ in 0..<20 { client.send("GET /old/\(rest)?q HTTP/1.1\r\nHost: x\r\n\r\n") }
    for _ in 0..<20 {
      let answer = try #require(client.response())
      #expect(answer.status == 308 && answer["Location"] == "/new/\(rest)?q")
    }
    client.send("POST /old/x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi")
    #expect(client.response()?.status == 308)
    #expect(client.get("/admin/")?.text == "app")
    #expect(app.requests.count == 1)
    server.stop()
  }
}
