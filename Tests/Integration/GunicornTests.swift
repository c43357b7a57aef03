import Foundation
import TestSupport
import Testing

/// `staticd serve --upstream` in front of a real gunicorn.
///
/// Goal: every kind of request reaches a WSGI application and its response the client, and slow
/// clients occupy none of its workers.
@Suite struct GunicornTests {
  private let root = TemporaryDirectory()

  init() {
    root.write("hello", to: "static/a.txt")
  }

  /// Starts gunicorn with `workerClass` at a port and a Unix socket, and a server in front of one
  /// of them.
  private func start(_ workerClass: String, atSocket: Bool, _ options: String...) throws -> (
    gunicorn: RunningProgram, staticd: RunningProgram
  ) {
    let program = try Command.fixture("django/bin/gunicorn")
    let socket = root.path("app-\(workerClass).sock")
    let gunicorn = RunningProgram(
      [
        program, "--chdir", Site.path, "--bind", "127.0.0.1:0", "--bind",
        "unix:\(socket)", "--worker-class", workerClass, "--workers", "2", "--threads",
        workerClass == "sync" ? "1" : "4", "wsgi_app:application",
      ],
      directory: root.path
    )
    let upstream = atSocket ? "unix:\(socket)" : "127.0.0.1:\(gunicorn.port)"
    let staticd = RunningProgram(
      [
        Command.staticd, "serve", "--root", root.path("static"), "--listen", "127.0.0.1:0",
        "--upstream", upstream, "--access-log", "off",
      ] + options,
      directory: root.path
    )
    return (gunicorn, staticd)
  }

  @Test("requests and responses of all kinds", arguments: ["sync", "gthread"], [true, false])
  func requests(workerClass: String, atSocket: Bool) throws {
    let (gunicorn, staticd) = try start(workerClass, atSocket: atSocket)
    let client = HTTPClient(port: staticd.port)
    for number in 0..<50 {
      let answer = try #require(client.get("/a%20b?n=\(number)"))
      #expect(answer.status == 200)
      #expect(answer["X-App"] == "yes")
      let told = try #require(
        JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
      )
      #expect(told["PATH_INFO"] as? String == "/a b")
      #expect(told["RAW_URI"] as? String == "/a%20b?n=\(number)")
      #expect(told["HTTP_HOST"] as? String == "test")
      #expect(client.get("/static/a.txt")?.text == "hello")
      #expect(client.get("/x", method: "HEAD")?.status == 200)
    }
    for count in [0, 10, 100_000, 5_000_000] {
      let content = String(repeating: "x", count: count)
      client.send("POST /upload HTTP/1.1\r\nHost: test\r\nContent-Length: \(count)\r\n\r\n")
      client.send(content)
      #expect(client.response()?.text.hasPrefix("\(count) ") == true)
      client.send("POST /upload HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n")
      if count > 0 { client.send("\(String(count, radix: 16))\r\n\(content)\r\n") }
      client.send("0\r\n\r\n")
      #expect(client.response()?.text.hasPrefix("\(count) ") == true)
    }
    #expect(client.get("/download?20000000")?.body.count == 20_000_000)
    client.send("POST /refuse HTTP/1.1\r\nHost: test\r\nContent-Length: 5000000\r\n\r\n")
    client.send(String(repeating: "x", count: 5_000_000))
    #expect(client.response()?.text == "refuse")
    withExtendedLifetime(gunicorn) {}
  }

  @Test("slow clients occupy no worker")
  func slowClients() throws {
    let (gunicorn, staticd) = try start("sync", atSocket: true)
    // More than there are workers: half a head, half a content, and a response that is not read.
    let slow = (0..<30).map { number in
      let client = HTTPClient(port: staticd.port, receiveBuffer: 4096)
      switch number % 3 {
      case 0: client.send("GET /page HTTP/1.1\r\n")
      case 1: client.send("POST /upload HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n\r\nabc")
      default: client.send("GET /download?8000000 HTTP/1.1\r\nHost: test\r\n\r\n")
      }
      return client
    }
    let client = HTTPClient(port: staticd.port)
    for _ in 0..<20 { #expect(client.get("/page")?.status == 200) }
    withExtendedLifetime((slow, gunicorn)) {}
  }

  @Test("a connection that gunicorn has closed is not reused")
  func idle() throws {
    let (gunicorn, staticd) = try start("gthread", atSocket: true)
    let client = HTTPClient(port: staticd.port)
    #expect(client.get("/page")?.status == 200)
    // Waits for gunicorn's keep-alive timeout, or ours.
    let count = ProcessState.descriptorCount(staticd.pid)
    #expect(eventually { ProcessState.descriptorCount(staticd.pid) < count })
    client.send("POST /upload HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\nabc")
    #expect(client.response()?.status == 200)
    withExtendedLifetime(gunicorn) {}
  }

  @Test("files that the app names, and paths that gunicorn would read differently")
  func namedFiles() throws {
    root.write("a file", to: "private/b.txt")
    let (gunicorn, staticd) = try start(
      "gthread",
      atSocket: true,
      "--accel",
      "/protected/=\(root.path("private"))"
    )
    let client = HTTPClient(port: staticd.port)
    for _ in 0..<20 {
      let answer = try #require(client.get("/file"))
      #expect(answer.text == "a file")
      #expect(answer["X-App"] == "yes")
      #expect(answer["X-Accel-Redirect"] == nil)
      #expect(client.get("/page")?.status == 200)
    }
    #expect(client.get("/file", "Range: bytes=2-5")?.text == "file")
    for path in ["/static/..%2fpage", "//static/a.txt", "/x/../static/a.txt"] {
      #expect(client.get(path)?.status == 400)
    }
    #expect(client.get("/x//page")?.status == 200)
    withExtendedLifetime(gunicorn) {}
  }

  @Test("wrong use", arguments: ["localhost", "unix:", "example.org:80", "127.0.0.1:0", "fd:3"])
  func wrongUse(address: String) {
    let result = Command.staticd("serve", "--root", root.path("static"), "--upstream", address)
    #expect(result.status == 2)
    #expect(result.errors.contains("--upstream '\(address)'"))
  }
}
