import Foundation
import TestSupport
import Testing

/// The limits of `staticd serve` as options.
///
/// Goal: a value out of its range is one clear line and exit code 2, one within it reaches the
/// server, and the help lists all of them.
@Suite struct LimitCommandLineTests {
  private let root = TemporaryDirectory()

  @Test(
    "a value out of its range",
    arguments: [
      (["--max-connections", "0"], "--max-connections 0"),
      (["--max-connections", "1048577"], "from 1 to 1048576"),
      (["--max-head", "1023"], "--max-head 1023"),
      (["--max-head", "65536"], "from 1024 to 65535"),
      (["--max-fields", "0"], "--max-fields"),
      (["--max-fields", "10001"], "--max-fields"),
      (["--max-body=-1"], "--max-body -1"),
      (["--max-body", "1M"], "--max-body"),
      (["--head-timeout", "0"], "--head-timeout 0"),
      (["--head-timeout", "86401"], "from 1 to 86400"),
      (["--keepalive-timeout", "0"], "--keepalive-timeout"),
      (["--keepalive-requests=-1"], "--keepalive-requests"),
      (["--body-timeout", "0"], "--body-timeout"),
      (["--send-timeout", "0"], "--send-timeout"),
      (["--min-rate=-1"], "--min-rate"),
      (["--min-rate", "x"], "--min-rate"),
      (["--upstream", "127.0.0.1:1", "--buffer-memory=-1"], "--buffer-memory -1"),
      (["--upstream", "127.0.0.1:1", "--buffer-memory", "1073741825"], "from 0 to 1073741824"),
      (["--upstream", "127.0.0.1:1", "--max-buffer", "1099511627777"], "from 0 to 1099511627776"),
      (["--upstream", "127.0.0.1:1", "--upstream-timeout", "0"], "--upstream-timeout 0"),
      (["--upstream", "127.0.0.1:1", "--upstream-connect-timeout", "86401"], "from 1 to 86400"),
      (["--upstream", "127.0.0.1:1", "--tunnel-timeout", "0"], "--tunnel-timeout 0"),
      (["--upstream", "127.0.0.1:1", "--upstream-concurrency=-1"], "from 0 to 1000000"),
      (["--upstream", "127.0.0.1:1", "--upstream-concurrency", "some"], "--upstream-concurrency"),
      (["--upstream", "127.0.0.1:1", "--queue-timeout", "86401"], "--queue-timeout 86401"),
      (["--upstream", "127.0.0.1:1", "--queue-length=-1"], "from 0 to 1048576"),
      (["--upstream", "127.0.0.1:1", "--half-closed-clients", "no"], "--half-closed-clients"),
      (["--upstream", "127.0.0.1:1", "--max-spool=-1"], "--max-spool -1"),
      (["--upstream", "127.0.0.1:8000", "--listen", "127.0.0.1:8000"], "forward to itself"),
      (["--upstream", "localhost:8000", "--listen", "0.0.0.0:8000"], "(0.0.0.0:8000)"),
      (["--upstream", "[::1]:8000", "--listen", "[::]:8000"], "--upstream '[::1]:8000'"),
      (
        ["--upstream", "unix:/tmp/x", "--listen", "unix:/proc/../tmp/x"], "--upstream 'unix:/tmp/x'"
      ),
      (
        ["--upstream", "127.0.0.1:8001", "--admin", "127.0.0.1:8001"],
        "--upstream '127.0.0.1:8001': staticd listens there itself"
      ),
      (["--listen", "127.0.0.1:18411", "--listen", "127.0.0.1:18411"], "is given twice"),
      (["--listen", "localhost:18411", "--listen", "127.0.0.1:18411"], "is given twice"),
      (["--listen", "unix:a.sock", "--listen", "unix:a.sock"], "is given twice"),
      (["--grace=-1"], "--grace -1"),
      (["--grace", "86401"], "from 0 to 86400"),
    ]
  )
  func usage(arguments: [String], mentions: String) {
    let command = [Command.staticd, "serve", "--root", root.path, "--listen", "127.0.0.1:0"]
    let result = Command.run(command + arguments)
    #expect(result.status == 2)
    #expect(result.errorLines.count == 1, "\(result.errors)")
    #expect(result.errors.hasPrefix("staticd: "))
    #expect(result.errors.contains(mentions), "\(result.errors)")
    #expect(result.output.isEmpty)
  }

  @Test("limits on the command line reach the server")
  func limits() throws {
    root.write("hello", to: "a.txt")
    let server = RunningServer(
      "--root",
      root.path,
      "--max-head",
      "1024",
      "--max-fields",
      "2",
      "--max-body",
      "3",
      "--keepalive-requests",
      "2",
      "--max-connections",
      "5"
    )
    let client = HTTPClient(port: server.port)
    #expect(client.get("/static/a.txt", "A: b")?["Connection"] == nil)
    #expect(client.get("/static/a.txt", "A: b")?["Connection"] == "close")
    let fields = HTTPClient(port: server.port)
    #expect(fields.get("/static/a.txt", "A: b", "C: d")?.status == 431)
    let long = HTTPClient(port: server.port)
    #expect(long.get("/static/a.txt", "A: \(String(repeating: "b", count: 1000))")?.status == 431)
    for (content, connection) in [("abc", nil), ("abcd", "close")] as [(String, String?)] {
      let client = HTTPClient(port: server.port)
      client.send(
        "POST /static/a.txt HTTP/1.1\r\nHost: x\r\nContent-Length: \(content.count)\r\n\r\n"
          + content
      )
      #expect(client.response()?["Connection"] == connection)
    }
    server.send(SIGTERM)
    #expect(server.wait() == 0)
  }

  @Test(
    "a number of connections beyond the descriptor limit, even after raising it, is refused",
    arguments: [([], "1000", "256"), (["--upstream", "127.0.0.1:1"], "150", "256")]
  )
  func descriptors(options: [String], connections: String, limit: String) {
    let result = Command.run(
      [
        "sh", "-c", "ulimit -n \(limit); exec \"$@\"", "sh", Command.staticd, "serve", "--root",
        root.path, "--listen", "127.0.0.1:0", "--max-connections", connections,
      ] + options
    )
    #expect(result.status == 2)
    #expect(result.errorLines.count == 1)
    #expect(result.errors.contains("--max-connections \(connections)"), "\(result.errors)")
    #expect(result.errors.contains("allows \(limit), enough for "), "\(result.errors)")
    #expect(result.errors.contains("ulimit -Hn"), "\(result.errors)")
  }

  @Test("an upload that cannot be stored is 503, and told with the directory and the reason")
  func unstored() {
    let server = RunningServer(
      ["--upstream", "127.0.0.1:1", "--buffer-memory", "1024"],
      environment: ["TMPDIR": "/nodir"]
    )
    for _ in 0..<2 {
      let client = HTTPClient(port: server.port)
      let content = String(repeating: "x", count: 100_000)
      client.send("POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n\(content)")
      #expect(client.response()?.status == 503)
    }
    let line = "a temporary file in '/nodir' could not be written: No such file or directory"
    #expect(eventually { server.errors.contains(line) }, "\(server.errors)")
    #expect(server.errors.components(separatedBy: line).count == 2)
  }

  @Test("help lists every limit and its default")
  func limitsInHelp() {
    let help = Command.staticd("serve", "--help").output
    for option in [
      "--max-connections", "--max-head", "--max-fields", "--max-body", "--head-timeout",
      "--keepalive-timeout", "--keepalive-requests", "--body-timeout", "--send-timeout",
      "--min-rate", "--grace", "--upstream-concurrency", "--queue-timeout", "--queue-length",
      "--max-spool",
    ] {
      let text = help.components(separatedBy: "\(option) ").dropFirst().first ?? ""
      #expect(text.components(separatedBy: "\n  --")[0].contains("(default: "), "\(option)")
    }
  }
}
