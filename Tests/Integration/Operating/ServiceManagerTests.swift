import Foundation
import TestSupport
import Testing

/// Notifications to systemd.
///
/// Source: sd_notify(3), systemd.service(5).
@Suite struct ServiceManagerTests {
  private let site = TemporaryDirectory()

  init() {
    site.write("hello", to: "public/a.txt")
  }

  private func serve(
    _ socket: NotifySocket,
    _ options: [String] = [],
    environment: [String: String] = [:],
    prefix: [String] = []
  ) -> ServingRun {
    ServingRun(
      ["serve", "--public", site.path("public"), "--listen", "127.0.0.1:0"] + options,
      environment: ["NOTIFY_SOCKET": socket.name].merging(environment) { $1 },
      prefix: prefix
    )
  }

  @Test("start, reload and stop are notified in this order", arguments: [false, true])
  func life(isAbstract: Bool) throws {
    let socket = NotifySocket(isAbstract: isAbstract)
    let running = serve(socket)
    #expect(socket.hears("READY=1"), "\(running.errors)")
    // Ready means that requests are answered.
    #expect(HTTPClient(port: try #require(running.port())).get("/a.txt")?.text == "hello")
    #expect(socket.values("MAINPID") == ["\(running.pid)"])
    #expect(socket.values("STATUS") == ["Serving 127.0.0.1:\(running.port() ?? 0)"])
    running.send(SIGHUP)
    #expect(socket.hears("READY=1", times: 2), "\(running.errors)")
    #expect(socket.lines.filter { $0 == "RELOADING=1" }.count == 1)
    // Microseconds of CLOCK_MONOTONIC, which systemd compares with its own.
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let told = try #require(socket.values("MONOTONIC_USEC").first.flatMap { Int($0) })
    #expect((1...60_000_000).contains(time.tv_sec * 1_000_000 + time.tv_nsec / 1000 - told))
    running.send(SIGTERM)
    #expect(running.wait() == 0)
    #expect(socket.hears("STOPPING=1"))
    let order = socket.lines.filter { ["READY=1", "RELOADING=1", "STOPPING=1"].contains($0) }
    #expect(order == ["READY=1", "RELOADING=1", "READY=1", "STOPPING=1"])
    #expect(!socket.lines.contains("WATCHDOG=1"))
  }

  @Test("a failed reload is reported, and the service is ready again")
  func failedReload() throws {
    let socket = NotifySocket()
    site.write("", to: "staticd.toml")
    let running = serve(socket, ["--config", site.path("staticd.toml")])
    #expect(socket.hears("READY=1"), "\(running.errors)")
    site.write("max-age = \"x\"", to: "staticd.toml")
    running.send(SIGHUP)
    #expect(socket.hears("READY=1", times: 2))
    #expect(socket.values("STATUS").last?.hasPrefix("Reload failed: ") == true)
    running.send(SIGTERM)
    #expect(running.wait() == 0)
  }

  @Test("a missing or invalid notification socket stops nothing")
  func noManager() throws {
    for name in ["/none/notify", "@", "relative", String(repeating: "x", count: 200)] {
      let running = ServingRun(
        ["serve", "--public", site.path("public"), "--listen", "127.0.0.1:0"],
        environment: ["NOTIFY_SOCKET": name]
      )
      let port = try #require(running.port(), "\(running.errors)")
      #expect(HTTPClient(port: port).get("/a.txt")?.text == "hello")
    }
  }

  @Test(
    "watchdog messages are sent if they are for this process",
    arguments: [([:], true), (["WATCHDOG_PID": "1"], false), (["WATCHDOG_PID": "self"], true)]
      as [([String: String], Bool)]
  )
  func watchdog(environment: [String: String], isExpected: Bool) throws {
    let socket = NotifySocket()
    var variables = ["WATCHDOG_USEC": "40000"]
    let isSelf = environment["WATCHDOG_PID"] == "self"
    if !isSelf { variables.merge(environment) { $1 } }
    let running = serve(
      socket,
      environment: variables,
      prefix: isSelf ? ["sh", "-c", "WATCHDOG_PID=$$ exec \"$@\"", "sh"] : []
    )
    #expect(socket.hears("READY=1"), "\(running.errors)")
    if isExpected {
      #expect(socket.hears("WATCHDOG=1", times: 5))
    } else {
      let client = HTTPClient(port: try #require(running.port()))
      for _ in 0..<20 { #expect(client.get("/a.txt")?.status == 200) }
      pass(.milliseconds(100))
      socket.read()
      #expect(!socket.lines.contains("WATCHDOG=1"))
    }
    running.send(SIGTERM)
    #expect(running.wait() == 0)
  }

  @Test("a blocked loop stops the watchdog messages while it is blocked")
  func stuckLoop() throws {
    let socket = NotifySocket()
    let running = serve(socket, ["--workers", "2"], environment: ["WATCHDOG_USEC": "40000"])
    #expect(socket.hears("WATCHDOG=1", times: 2), "\(running.errors)")
    let stopper = Process()
    stopper.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    stopper.arguments = [
      "python3", "\(Site.path)/stop_thread.py", "\(running.pid)", "staticd-loop-1",
    ]
    let (input, output) = (Pipe(), Pipe())
    (stopper.standardInput, stopper.standardOutput) = (input, output)
    try stopper.start()
    defer { kill(stopper.processIdentifier, SIGKILL) }
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    try #require(line.hasPrefix("stopped"))
    // One may have been in transit.
    socket.read()
    let before = socket.lines.count { $0 == "WATCHDOG=1" }
    pass(.milliseconds(200))
    socket.read()
    #expect(socket.lines.count { $0 == "WATCHDOG=1" } <= before + 1)
    try input.fileHandleForWriting.close()
    stopper.waitUntilExit()
    #expect(socket.hears("WATCHDOG=1", times: before + 4))
    running.send(SIGTERM)
    #expect(running.wait() == 0)
  }

  @Test("USR2: the new process becomes the main one, and continues the watchdog messages")
  func upgrade() throws {
    let socket = NotifySocket()
    let running = serve(socket, environment: ["WATCHDOG_USEC": "40000"])
    #expect(socket.hears("READY=1"), "\(running.errors)")
    running.send(SIGUSR2)
    #expect(running.wait() == 0, "\(running.errors)")
    let new = try #require(running.successors.first)
    #expect(socket.hears("MAINPID=\(new)"))
    #expect(!socket.lines.contains("STOPPING=1"))
    let count = socket.lines.count { $0 == "WATCHDOG=1" }
    #expect(socket.hears("WATCHDOG=1", times: count + 2))
    kill(new, SIGTERM)
    #expect(socket.hears("STOPPING=1"))
  }

  @Test("run: ready when the app is, which inherits none of the variables")
  func app() throws {
    let socket = NotifySocket()
    let running = ServingRun(
      [
        "run", "--public", site.path("public"), "--listen", "127.0.0.1:0", "--access-log", "off",
        "--", "sh", "-c",
        "env; exec python3 \"$0\"", "\(Site.path)/late_app.py",
      ],
      environment: [
        "NOTIFY_SOCKET": socket.name, "WATCHDOG_USEC": "40000", "LISTEN_FDS": "1",
        "LISTEN_PID": "1", "LISTEN_FDNAMES": "x", "GATE": site.path("gate"),
      ],
      directory: site.path
    )
    #expect(socket.hears("WATCHDOG=1", times: 2), "\(running.errors)")
    #expect(!socket.lines.contains("READY=1"))
    for name in ["NOTIFY_SOCKET", "WATCHDOG_", "LISTEN_"] {
      #expect(!running.output.contains(name), "\(running.output)")
    }
    site.write("", to: "gate")
    #expect(socket.hears("READY=1"), "\(running.errors)")
    #expect(socket.values("MAINPID") == ["\(running.pid)"])
    running.send(SIGTERM)
    #expect(socket.hears("STOPPING=1"))
    _ = running.wait()
  }
}
