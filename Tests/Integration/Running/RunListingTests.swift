import Foundation
import TestSupport
import Testing

/// `staticd run` while it lists the files, which a preloaded library makes wait for a file.
///
/// Goal: the app's pages are served, signals and the app's end take effect, and no request is lost
/// without an answer.
@Suite struct RunListingTests {
  private let site = TemporaryDirectory()
  private let port: Int

  init() throws {
    site.write("hello", to: "root/a.txt")
    let script =
      "import socket; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1])"
    port = try #require(Int(Command.run(["python3", "-c", script]).output.dropLast()))
  }

  private static let app = "exec python3 -m http.server -b 127.0.0.1 $PORT"

  private func run(_ app: String = app, _ options: [String] = []) -> SupervisedRun {
    SupervisedRun(
      ["--root", site.path("root"), "--listen", "127.0.0.1:\(port)"] + options,
      ["sh", "-c", "unset LD_PRELOAD; \(app)"],
      environment: ["LD_PRELOAD": FaultLibrary.path, "FAULT_HOLD": site.path("go")]
    )
  }

  /// Lets the listing continue.
  private func list() { site.write("", to: "go") }

  /// A client whose second request waits for the files, behind a page of the app.
  private func waiting() throws -> HTTPClient {
    var connected: HTTPClient?
    #expect(
      eventually {
        connected = HTTPClient(connectingTo: UInt16(port))
        return connected != nil
      }
    )
    let client = try #require(connected)
    for path in ["/", "/static/a.txt"] { client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n") }
    #expect(client.response()?.status == 200)
    return client
  }

  @Test("the app's page comes first, then the file")
  func order() throws {
    let running = run()
    let client = try waiting()
    #expect(!running.output.contains("Serving 1 file"))
    list()
    #expect(client.response()?.text == "hello")
    #expect(running.prints("Serving 1 file"))
    #expect(running.prints("The app listens"))
    running.send(SIGTERM)
    #expect(running.wait() != nil)
  }

  @Test("a stop ends server and app at once, and refuses what waits", arguments: [SIGTERM, SIGINT])
  func stop(signal: Int32) throws {
    let running = run()
    let client = try waiting()
    running.send(signal)
    let answer = try #require(client.response())
    #expect(answer.status == 503)
    #expect(answer["Retry-After"] != nil)
    #expect(running.wait() != nil)
    #expect(HTTPClient(connectingTo: UInt16(port)) == nil)
  }

  @Test("without files to serve, the reason is told, what waits is refused, and the app is ended")
  func failure() throws {
    site.write("not JSON", to: "root/staticd.json")
    let running = run("echo $$ > \(site.path("pid")); \(Self.app)")
    let client = try waiting()
    list()
    #expect(client.response()?.status == 503)
    #expect(running.wait() == 3)
    #expect(running.errors.contains("staticd.json"), "\(running.errors)")
    let pid = try #require(site.text("pid").flatMap { Int32($0.dropLast()) })
    #expect(!RunCommandTests.isAlive(pid))
  }

  @Test("the app's end is noticed")
  func appEnds() {
    let running = run("exit 7")
    #expect(running.wait() == 7)
    #expect(running.errors.contains("the app has ended with status 7"))
  }

  @Test("a reload follows the listing")
  func reload() throws {
    let running = run()
    let client = try waiting()
    running.send(SIGHUP)
    site.write("more", to: "root/b.txt")
    list()
    #expect(client.response()?.text == "hello")
    #expect(running.prints("Reloaded: 2 files"), "\(running.output) \(running.errors)")
    running.send(SIGTERM)
    #expect(running.wait() != nil)
  }

  @Test("probes are answered, and report that the server is starting")
  func probes() throws {
    let running = run(Self.app, ["--health-path", "/up", "--admin", "127.0.0.1:0"])
    _ = try waiting()
    let probe = HTTPClient(port: UInt16(port))
    #expect(probe.get("/up")?.status == 503)
    list()
    #expect(eventually { probe.get("/up")?.status == 200 })
    running.send(SIGTERM)
    #expect(running.wait() != nil)
  }

  @Test("a missing directory is told before the app is started")
  func missing() throws {
    let result = Command.run([
      Command.staticd, "run", "--root", site.path("none"), "--listen", "127.0.0.1:\(port)", "--",
      "touch",
      site.path("started"),
    ])
    #expect(result.status == 2)
    #expect(result.errorLines.count == 1, "\(result.errors)")
    #expect(result.errors.contains("--root"))
    #expect(site.text("started") == nil)
  }

  @Test("an admin address in use is told by the name of its option")
  func adminInUse() throws {
    let taken = Command.run([
      "python3", "-c",
      """
      import socket, subprocess, sys
      with socket.create_server(("127.0.0.1", 0)) as taken:
          address = f"127.0.0.1:{taken.getsockname()[1]}"
          words = [*sys.argv[1:], "--admin", address, "--", "sleep", "100"]
          print(subprocess.run(words, capture_output=True, text=True).stderr)
      """, Command.staticd, "run", "--root", site.path("root"), "--listen", "127.0.0.1:\(port)",
    ])
    #expect(taken.output.contains("choose another --admin"), "\(taken.output)")
  }
}
