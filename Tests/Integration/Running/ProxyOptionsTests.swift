import Foundation
import TestSupport
import Testing

/// The options about proxies in front of the server, in the whole program.
@Suite struct ProxyOptionsTests {
  private let site = TemporaryDirectory()

  init() {
    site.write("hello", to: "a.txt")
  }

  /// Runs an app that describes its requests.
  private func run(_ options: [String], environment: [String: String] = [:]) -> SupervisedRun {
    SupervisedRun(
      ["--public", site.path] + options,
      ["python3", "\(Site.path)/run_app.py"],
      environment: environment
    )
  }

  private func client(_ running: SupervisedRun) throws -> HTTPClient {
    #expect(SupervisedRun.eventually { running.port != nil })
    return HTTPClient(port: try #require(running.port), seconds: 30)
  }

  /// The fields that the app received.
  private func told(_ response: HTTPResponse?) throws -> [String: String] {
    let body = Data(try #require(response).body)
    let values = try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any])
    return values.compactMapValues { $0 as? String }
  }

  @Test("a trusted proxy: client address, HTTPS redirect, Strict-Transport-Security, Server-Timing")
  func trusted() throws {
    let running = run([
      "--trust-proxy", "127.0.0.1", "--trust-proxy", "10.0.0.0/8", "--https-redirect", "--hsts",
      "31536000", "--hsts-subdomains", "--hsts-preload", "--server-timing",
    ])
    let client = try client(running)
    let secure = client.get("/page", "X-Forwarded-Proto: https", "X-Forwarded-For: 192.0.2.7")
    #expect(
      secure?["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    )
    #expect(secure?["Server-Timing"]?.hasPrefix("app;dur=") == true)
    #expect(try told(secure)["x-forwarded-for"] == "192.0.2.7")
    for path in ["/a.txt", "/none/a.txt"] {
      let file = client.get(path, "X-Forwarded-Proto: https")
      #expect(file?["Strict-Transport-Security"]?.hasPrefix("max-age=31536000; incl") == true)
    }
    let local = client.get("/a.txt")
    #expect(local?.status == 200 && local?["Strict-Transport-Security"] == nil)
    let plain = client.get("/a.txt?v=1", "X-Forwarded-Proto: http")
    #expect(plain?.status == 301)
    #expect(plain?["Location"] == "https://test/a.txt?v=1")
    withExtendedLifetime(running) {}
  }

  @Test("without an app: Strict-Transport-Security over HTTPS, and another host to redirect to")
  func files() {
    let server = RunningServer(
      "--public",
      site.path,
      "--trust-proxy",
      "private",
      "--hsts",
      "60",
      "--https-redirect",
      "--https-host",
      "www.example.com:8443"
    )
    let client = HTTPClient(port: server.port)
    let secure = client.get("/a.txt", "X-Forwarded-Proto: https")
    #expect(secure?["Strict-Transport-Security"] == "max-age=60")
    #expect(client.get("/a.txt")?["Strict-Transport-Security"] == nil)
    let plain = client.get("/a.txt", "X-Forwarded-Proto: http")
    #expect(plain?["Location"] == "https://www.example.com:8443/a.txt")
    server.send(SIGTERM)
    #expect(server.wait() == 0)
  }

  @Test(
    "explain tells what the scheme decides, as a server does",
    arguments: [
      (["/a.txt", "-H", "X-Forwarded-Proto: http"], "301", ""), (["http://x.y/a.txt"], "301", ""),
      (["/a.txt", "-H", "X-Forwarded-Proto: https"], "200", "max-age=60"),
      (["https://x.y/a.txt"], "200", "max-age=60"), (["/a.txt"], "200", ""),
      (["http://x.y/b.txt"], "404", ""),
      (["https://x.y/a.txt", "-H", "X-Forwarded-Proto: http"], "301", ""),
    ]
  )
  func explained(words: [String], status: String, strictTransport: String) {
    let options = [
      "--public", site.path, "--trust-proxy", "127.0.0.1", "--hsts", "60", "--https-redirect",
      "--https-exempt", "/b*",
    ]
    let result = Command.run([Command.staticd, "explain"] + words + options)
    let lines = result.output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix(status) }, "\(result.output)\(result.errors)")
    #expect(
      lines.contains { $0.hasPrefix("  Strict-Transport-Security: max-age=60  ") }
        == !strictTransport.isEmpty
    )
    #expect(result.output.contains("Location: https://") == (status == "301"))
  }

  @Test(
    "an untrusted proxy is reported once, with the option to set",
    arguments: [
      "X-Forwarded-Proto: https", "X-Forwarded-For: 192.0.2.7", "X-Real-IP: 192.0.2.7",
      "X-Forwarded-Host: a.test", "Forwarded: for=192.0.2.7", "X-Forwarded-Ssl: on",
    ]
  )
  func untrusted(field: String) throws {
    let running = run([])
    let client = try client(running)
    for _ in 0..<3 { _ = client.get("/page", field) }
    let line = "127.0.0.1 sends forwarding fields (X-Forwarded-For and the like) and is not trusted"
    #expect(SupervisedRun.eventually { running.errors.contains(line) })
    #expect(running.errors.contains("add --trust-proxy 127.0.0.1/32"))
    _ = client.get("/page", "Forwarded: proto=https")
    #expect(running.errors.components(separatedBy: line).count == 2)
    withExtendedLifetime(running) {}
  }

  @Test("an untrusted proxy at a Unix socket is reported with the option to set")
  func untrustedAtSocket() throws {
    let socket = site.path("front.sock")
    let running = run(["--listen", "unix:\(socket)"])
    #expect(running.prints("The app listens"))
    let asked = Command.run([
      "curl", "-s", "-H", "X-Forwarded-Proto: https", "--unix-socket", socket, "http://x/page",
    ])
    #expect(asked.status == 0)
    #expect(SupervisedRun.eventually { running.errors.contains("add --trust-proxy all") })
    withExtendedLifetime(running) {}
  }

  @Test(
    "Strict-Transport-Security that is never sent is reported",
    arguments: [([], true), (["--trust-proxy", "private"], false), (["--proxy-protocol"], false)]
      as [([String], Bool)]
  )
  func unusedPolicy(options: [String], isReported: Bool) {
    let server = RunningServer(["--public", site.path, "--hsts", "60"] + options)
    // Warnings come before the address.
    #expect(server.port > 0)
    let line = "--hsts: Strict-Transport-Security is not sent"
    #expect(server.errors.contains(line) == isReported, "\(server.errors)")
  }

  @Test("by default no proxy is trusted and nothing is reported")
  func plain() throws {
    let running = run([])
    let client = try client(running)
    let answer = client.get("/page", "X-Forwarded-Proto: https", "X-Forwarded-For: 192.0.2.7")
    #expect(try told(answer)["x-forwarded-for"] == "127.0.0.1")
    #expect(try told(answer)["x-forwarded-proto"] == "http")
    #expect(answer?["Strict-Transport-Security"] == nil)
    #expect(answer?["Server-Timing"] == nil)
    withExtendedLifetime(running) {}
  }

  @Test("the platform is derived from the environment, unless options override it")
  func platform() throws {
    let claims = ["X-Forwarded-For: 198.51.100.1, 192.0.2.7", "X-Forwarded-Proto: https"]
    for (options, expected) in [([], "https"), (["--trust-proxy", "none"], "http")] {
      let running = run(options, environment: ["DYNO": "web.1"])
      let client = try client(running)
      let lines = claims.map { $0 + "\r\n" }.joined()
      client.send("GET /page HTTP/1.1\r\nHost: test\r\n\(lines)\r\n")
      let values = try told(client.response())
      #expect(values["x-forwarded-proto"] == expected)
      #expect(
        values["x-forwarded-for"]
          == (options.isEmpty ? "192.0.2.7" : "127.0.0.1")
      )
      #expect(running.errors.contains("Heroku's router is trusted, as DYNO") == options.isEmpty)
    }
  }

  @Test(
    "the chain of proxies, by option, environment and file",
    arguments: [
      (["--forwarded-for", "chain"], [:], "198.51.100.1, 192.0.2.7, 127.0.0.1"),
      ([], ["STATICD_FORWARDED_FOR": "chain"], "198.51.100.1, 192.0.2.7, 127.0.0.1"),
      (["--forwarded-for", "client"], ["STATICD_FORWARDED_FOR": "chain"], "192.0.2.7"),
    ] as [([String], [String: String], String)]
  )
  func chain(options: [String], environment: [String: String], expected: String) throws {
    let running = run(["--trust-proxy", "127.0.0.1"] + options, environment: environment)
    let client = try client(running)
    let answer = client.get("/page", "X-Forwarded-For: 198.51.100.1, 192.0.2.7")
    #expect(try told(answer)["x-forwarded-for"] == expected)
    withExtendedLifetime(running) {}
  }

  @Test("the chain of proxies in a configuration file")
  func chainInFile() throws {
    let file = site.write("forwarded-for = \"chain\"\n", to: ".staticd.toml")
    let running = run(["--config", file, "--trust-proxy", "127.0.0.1"])
    let client = try client(running)
    let answer = client.get("/page", "X-Forwarded-For: 192.0.2.7")
    #expect(try told(answer)["x-forwarded-for"] == "192.0.2.7, 127.0.0.1")
    withExtendedLifetime(running) {}
  }

  @Test("X-Forwarded-Ssl alone means https, and gunicorn gets no contradicting field")
  func schemeSpelling() throws {
    let running = run(["--trust-proxy", "127.0.0.1"])
    let client = try client(running)
    let answer = client.get("/page", "X-Forwarded-Ssl: on")
    #expect(try told(answer)["x-forwarded-proto"] == "https")
    withExtendedLifetime(running) {}
  }

  @Test("the PROXY protocol")
  func preludes() throws {
    let running = run(["--proxy-protocol"])
    let client = try client(running)
    client.send("PROXY TCP6 2001:db8::7 ::1 1 2\r\n")
    let answer = client.get("/page", "X-Forwarded-For: 192.0.2.7")
    #expect(try told(answer)["x-forwarded-for"] == "2001:db8::7")
    #expect(client.get("/a.txt")?.text == "hello")
    withExtendedLifetime(running) {}
  }

  @Test(
    "options without effect are wrong use",
    arguments: [
      ["--server-timing"], ["--https-redirect"], ["--hsts-preload"], ["--https-host", "a b"],
      ["--forwarded-for", "chain"], ["--forwarded-for", "all"],
    ]
  )
  func useless(options: [String]) {
    let command = [Command.staticd, "serve", "--public", site.path, "--listen", "127.0.0.1:0"]
    let result = Command.run(command + options)
    #expect(result.status == 2)
    #expect(result.errors.contains(options[0]), "\(result.errors)")
  }
}
