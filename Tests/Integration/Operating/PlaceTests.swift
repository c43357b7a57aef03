import Foundation
import TestSupport
import Testing

/// Listening addresses, requirements on the system, and client addresses.
@Suite struct PlaceTests {
  private let site = TemporaryDirectory()

  init() {
    site.write("hello", to: "public/a.txt")
  }

  private func serve(_ options: [String], environment: [String: String] = [:]) -> ServingRun {
    ServingRun(["serve"] + options, environment: environment)
  }

  /// The port after `http://HOST:` in the output.
  private func portOf(_ running: ServingRun, at host: String) -> String? {
    guard running.prints("http://\(host):") else { return nil }
    let rest = running.output.components(separatedBy: "http://\(host):").last ?? ""
    return String(rest.prefix { $0.isNumber })
  }

  private func get(_ url: String, _ options: String...) -> String {
    Command.run(["curl", "-sS", "-g"] + options + [url]).output
  }

  @Test("[::] accepts IPv4 clients, which have IPv4 addresses in log and trust")
  func bothFamilies() throws {
    let log = site.path("log")
    let running = serve([
      "--public", site.path("public"), "--listen", "[::]:0", "--access-log-file", log,
      "--trust-proxy", "127.0.0.1/32", "--https-redirect",
    ])
    let port = try #require(portOf(running, at: "[::]"), "\(running.errors)")
    #expect(get("http://127.0.0.1:\(port)/a.txt?4") == "hello")
    #expect(get("http://[::1]:\(port)/a.txt?6") == "hello")
    // Fields of an untrusted peer are ignored.
    let status = ["-o", "/dev/null", "-w", "%{http_code}", "-H", "X-Forwarded-Proto: http"]
    let four = Command.run(["curl", "-sS"] + status + ["http://127.0.0.1:\(port)/a.txt"])
    #expect(four.output == "301")
    let six = Command.run(["curl", "-sS", "-g"] + status + ["http://[::1]:\(port)/a.txt"])
    #expect(six.output == "200")
    #expect(eventually { (site.text("log") ?? "").components(separatedBy: "\n").count > 4 })
    let lines = (site.text("log") ?? "").components(separatedBy: "\n")
    let line = { (query: String) in lines.first { $0.contains("/a.txt?\(query)") } ?? "" }
    #expect(line("4").contains("\"127.0.0.1\""), "\(line("4"))")
    #expect(line("6").contains("\"::1\""), "\(line("6"))")
  }

  @Test("[::] beside an IPv4 address with the same port is IPv6 only")
  func besideIPv4() throws {
    // A port that is free in both families.
    let probe = serve(["--public", site.path("public"), "--listen", "[::]:0"])
    let port = try #require(portOf(probe, at: "[::]"), "\(probe.errors)")
    probe.send(SIGTERM)
    #expect(probe.wait() == 0)
    let running = serve([
      "--public", site.path("public"), "--listen", "[::]:\(port)", "--listen",
      "127.0.0.1:\(port)",
    ])
    #expect(running.port() != nil, "\(running.errors)")
    #expect(get("http://127.0.0.1:\(port)/a.txt") == "hello")
    #expect(get("http://[::1]:\(port)/a.txt") == "hello")
    let other = serve(["--public", site.path("public"), "--listen", "0.0.0.0:\(port)"])
    #expect(other.wait() == 3)
    #expect(other.errors.contains("stop what listens there or choose another --listen"))
  }

  @Test("without IPv6 the error names the option to use")
  func noIPv6() throws {
    // In a network namespace the loopback device has addresses only once it is up.
    let script = """
      echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6; ip link set lo up 2>/dev/null
      exec "$@"
      """
    let running = ServingRun(
      ["serve", "--public", site.path("public"), "--listen", "[::1]:0"],
      prefix: ["unshare", "--user", "--map-root-user", "--net", "sh", "-c", script, "sh"]
    )
    #expect(running.wait() == 3, "\(running.output)")
    #expect(running.errorLines.count == 1, "\(running.errors)")
    #expect(running.errors.contains("cannot listen at [::1]:0: "), "\(running.errors)")
  }

  @Test("names are resolved, and each address is listened on")
  func names() throws {
    let running = serve(["--public", site.path("public"), "--listen", "LocalHost:0"])
    let port = try #require(portOf(running, at: "127.0.0.1"), "\(running.errors)")
    #expect(get("http://127.0.0.1:\(port)/a.txt") == "hello")
    let local = serve(["--public", site.path("public"), "--listen", "localhost:0"])
    #expect(local.port() != nil, "\(local.errors)")
    #expect(!local.output.contains("[::1]"))
  }

  @Test(
    "a name without an address, and invalid addresses, in one line",
    arguments: [
      ("no-such-host.invalid:80", "the name 'no-such-host.invalid' has no address ("),
      ("no such:80", "is no numeric address"), ("a..b:80", "is no numeric address"),
      ("1.2.3:80", "is no numeric address"), ("host:x", "is no address"),
      ("host:65536", "is no address"), ("host", "is no address"), ("", "is no address"),
      ("-:80:80", "is no numeric address"),
    ]
  )
  func noName(text: String, reason: String) {
    let result = Command.staticd("serve", "--public", site.path("public"), "--listen=\(text)")
    #expect(result.status == 2)
    #expect(result.errorLines.count == 1, "\(result.errors)")
    #expect(result.errors.contains(reason), "\(result.errors)")
    #expect(result.errors.contains("--listen"))
  }

  @Test(
    "a PORT that is none is blamed, not --listen",
    arguments: ["x", "65536", "-1", " 80", "80 "]
  )
  func noPort(text: String) {
    let result = Command.staticd(
      "serve",
      "--public",
      site.path("public"),
      environment: ["PORT": text]
    )
    #expect(result.status == 2)
    #expect(result.errors == "staticd: PORT '\(text)': give a port from 0 to 65535\n")
  }

  /// An app that responds with the request's fields, at its own port.
  private func app() throws -> (process: Process, port: UInt16) {
    let probe = Command.run([
      "python3", "-c",
      "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])",
    ])
    let port = try #require(UInt16(probe.output.prefix { $0.isNumber }))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "\(Site.path)/echo_fields.py"]
    process.environment = Command.inherited.merging(["PORT": "\(port)"]) { $1 }
    try process.start()
    #expect(eventually { HTTPClient(connectingTo: port) != nil })
    return (process, port)
  }

  @Test("an app alone: no files, and no writable directory is needed")
  func proxy() throws {
    let (app, appPort) = try app()
    // TERM is blocked in processes started by Dispatch's threads.
    defer { kill(app.processIdentifier, SIGKILL) }
    // No directory is writable, and the working directory is empty.
    let script = """
      mount -t tmpfs none /mnt && mkdir /mnt/empty && mount -o remount,ro /mnt && cd /mnt/empty
      exec "$@"
      """
    let running = ServingRun(
      ["serve", "--upstream", "127.0.0.1:\(appPort)", "--listen", "127.0.0.1:0"],
      environment: ["TMPDIR": "/mnt/empty", "XDG_RUNTIME_DIR": "/mnt/empty", "HOME": "/mnt/empty"],
      prefix: ["unshare", "--mount", "--map-root-user", "sh", "-c", script, "sh"]
    )
    let port = try #require(running.port(), "\(running.errors)")
    #expect(running.output.contains("Serving no files at http://127.0.0.1:\(port)/"))
    #expect(running.output.contains("Forwarding the rest to 127.0.0.1:\(appPort)"))
    let client = HTTPClient(port: port)
    #expect(client.get("/x")?.text.contains("X-Forwarded-For: 127.0.0.1") == true)
    #expect(client.get("/static/a.css")?.status == 200)
    running.send(SIGHUP)
    #expect(running.prints("Reloaded: "), "\(running.errors)")
    #expect(client.get("/")?.status == 200)
    running.send(SIGTERM)
    #expect(running.wait() == 0)
    #expect(running.errorLines.isEmpty, "\(running.errors)")
  }

  @Test("without files and without an app, serve is refused")
  func nothing() {
    let result = Command.staticd("serve", directory: site.path)
    #expect(result.status == 2)
    #expect(result.errors.contains("nothing to serve; give --root DIR"))
    #expect(result.errors.contains("or an app alone with --upstream"))
  }
}
