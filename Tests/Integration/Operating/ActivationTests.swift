import Foundation
import TestSupport
import Testing

/// Socket activation by systemd.
///
/// Source: sd_listen_fds(3), systemd.socket(5).
@Suite struct ActivationTests {
  private let site = TemporaryDirectory()

  init() {
    site.write("hello", to: "public/a.txt")
  }

  private func serve(
    _ sockets: [String],
    _ options: [String] = ["--listen", "127.0.0.1:0"],
    environment: [String: String] = [:]
  ) -> ServingRun {
    ServingRun(
      ["serve", "--public", site.path("public")] + options,
      environment: environment,
      prefix: ["python3", "\(Site.path)/pass_sockets.py"] + sockets + ["--"]
    )
  }

  private func get(_ url: String, socket: String? = nil) -> String {
    let path = socket.map { ["--unix-socket", $0] } ?? []
    return Command.run(["curl", "-sS", "-g"] + path + [url]).output
  }

  @Test("several sockets of all families replace --listen; USR2 passes them on")
  func several() throws {
    let path = site.path("s.sock")
    let running = serve(
      ["http=127.0.0.1:0", "http=[::1]:0", "local=\(path)"],
      ["--listen", "unix:\(site.path("unused.sock"))"]
    )
    let port = try #require(running.port(), "\(running.errors)")
    #expect(running.prints("unix:\(path)"))
    let six = running.output.components(separatedBy: "http://[::1]:").last?.prefix { $0.isNumber }
    #expect(get("http://127.0.0.1:\(port)/a.txt") == "hello")
    #expect(get("http://[::1]:\(six ?? "")/a.txt") == "hello")
    #expect(get("http://x/a.txt", socket: path) == "hello")
    #expect(!FileManager.default.fileExists(atPath: site.path("unused.sock")))
    running.send(SIGUSR2)
    #expect(running.wait() == 0, "\(running.errors)")
    let new = try #require(running.successors.first)
    #expect(get("http://127.0.0.1:\(port)/a.txt") == "hello")
    #expect(get("http://[::1]:\(six ?? "")/a.txt") == "hello")
    #expect(get("http://x/a.txt", socket: path) == "hello")
    kill(new, SIGTERM)
    #expect(eventually { HTTPClient(connectingTo: port) == nil })
    // systemd owns the socket file, and starts the service again for the next connection.
    #expect(FileManager.default.fileExists(atPath: path))
  }

  @Test("sockets for another process, or none, are ignored")
  func otherProcess() throws {
    let running = serve(["http=\(site.path("s.sock"))"], environment: ["PID": "1"])
    let port = try #require(running.port(), "\(running.errors)")
    #expect(get("http://127.0.0.1:\(port)/a.txt") == "hello")
    #expect(!running.output.contains("s.sock"))
  }

  @Test("a socket named admin is for the admin pages only")
  func admin() throws {
    let path = site.path("admin.sock")
    let running = serve(["admin=\(path)"])
    let port = try #require(running.port(), "\(running.errors)")
    #expect(get("http://127.0.0.1:\(port)/a.txt") == "hello")
    let asked = Command.run(["curl", "-s", "--unix-socket", path, "http://localhost/readyz"])
    #expect(asked.output == "ok\n", "\(asked)")
    #expect(!running.output.contains("unix:\(path)/"))
  }

  @Test(
    "every socket called admin has the admin pages, in the place of --admin; USR2 passes them on"
  )
  func severalAdmins() throws {
    let paths = ["one.sock", "two.sock"].map { site.path($0) }
    let unused = site.path("unused.sock")
    let running = serve(
      ["admin=\(paths[0])", "http=127.0.0.1:0", "admin=\(paths[1])"],
      ["--admin", "unix:\(unused)"]
    )
    let port = try #require(running.port(), "\(running.errors)")
    for path in paths {
      #expect(running.prints("Admin pages at unix:\(path)"))
      #expect(get("http://localhost/readyz", socket: path) == "ok\n")
    }
    #expect(get("http://127.0.0.1:\(port)/a.txt") == "hello")
    #expect(!FileManager.default.fileExists(atPath: unused))
    running.send(SIGUSR2)
    #expect(running.wait() == 0, "\(running.errors)")
    let new = try #require(running.successors.first)
    for path in paths { #expect(get("http://localhost/readyz", socket: path) == "ok\n") }
    kill(new, SIGTERM)
    #expect(eventually { HTTPClient(connectingTo: port) == nil })
  }

  @Test("run serves at the sockets too, and the app does not inherit them")
  func run() throws {
    let running = ServingRun(
      [
        "run", "--public", site.path("public"), "--access-log", "off", "--", "sh", "-c",
        "ls -l /proc/self/fd; env; sleep 600",
      ],
      prefix: ["python3", "\(Site.path)/pass_sockets.py", "http=127.0.0.1:0", "--"]
    )
    let port = try #require(running.port(), "\(running.errors)")
    #expect(get("http://127.0.0.1:\(port)/a.txt") == "hello")
    #expect(running.prints("PWD="))
    #expect(!running.output.contains("socket:["))
    #expect(!running.output.contains("LISTEN_"))
    running.send(SIGTERM)
    _ = running.wait()
  }

  @Test(
    "unsupported sockets are reported in one line",
    arguments: [
      ("http=udp!127.0.0.1:0", "descriptor 3 ('http') of systemd is a datagram socket"),
      ("http=conn!127.0.0.1:0", "is a connection, not a listening socket; write Accept=no"),
      ("http=file!/dev/null", "descriptor 3 ('http') of systemd is no socket"),
      ("admin=udp!127.0.0.1:0", "descriptor 3 ('admin') of systemd is a datagram socket"),
    ]
  )
  func refused(socket: String, reason: String) {
    let running = serve([socket])
    #expect(running.wait() == 2, "\(running.output)")
    #expect(running.errorLines.count == 1)
    #expect(running.errors.contains(reason), "\(running.errors)")
  }

  @Test("a descriptor of --listen that is a datagram socket")
  func givenDatagram() {
    let running = ServingRun(
      ["serve", "--public", site.path("public"), "--listen", "fd:3"],
      environment: ["PID": "1"],
      prefix: ["python3", "\(Site.path)/pass_sockets.py", "x=udp!127.0.0.1:0", "--"]
    )
    #expect(running.wait() == 3)
    #expect(running.errors.contains("only stream sockets can be served"), "\(running.errors)")
  }

  @Test("an invalid value of our own variable is refused")
  func handover() {
    let result = Command.staticd(
      "serve",
      "--public",
      site.path("public"),
      environment: ["STATICD_HANDOVER": "nonsense"]
    )
    #expect(result.status == 2)
    #expect(result.errorLines.count == 1)
    #expect(result.errors.contains("STATICD_HANDOVER 'nonsense'"))
  }
}
