import Foundation
import TestSupport
import Testing

/// `staticd run`: the app's start, signals and end.
///
/// Goal: whatever the app does, it is neither left running nor waited for in vain, its exit status
/// is passed on, and its output is unchanged.
@Suite struct RunCommandTests {
  private let site = TemporaryDirectory()

  init() {
    site.write("hello", to: "a.txt")
  }

  private func run(_ options: String..., app: [String], environment: [String: String] = [:])
    -> SupervisedRun
  {
    SupervisedRun(["--public", site.path] + options, app, environment: environment)
  }

  /// A Python program that prints each signal and ends at SIGTERM with 5.
  private static let teller = """
    import os, signal, sys
    def tell(number, frame):
        os.write(1, f"got {signal.Signals(number).name}\\n".encode())
        if number == signal.SIGTERM: os._exit(5)
    for name in "HUP USR1 USR2 TTIN TTOU WINCH INT QUIT TERM".split():
        signal.signal(getattr(signal, "SIG" + name), tell)
    os.write(1, b"ready\\n")
    while True: signal.pause()
    """

  @Test(
    "the app's exit status is passed on",
    arguments: [
      ("exit 0", 0), ("exit 7", 7), ("exit 255", 255), ("kill -9 $$", 137), ("kill -TERM $$", 143),
      ("kill -SEGV $$", 139),
    ] as [(String, Int32)]
  )
  func status(script: String, expected: Int32) {
    let running = run(app: ["sh", "-c", script])
    #expect(running.wait() == expected, "\(running.errors)")
    #expect(running.errors.contains("the app has ended"))
    #expect(running.temporaryNames.isEmpty)
  }

  @Test(
    "wrong use is reported in one line",
    arguments: [
      (["--", "/no/such/program"], "cannot run '/no/such/program'"),
      (["--", "no-such-program"], "cannot run 'no-such-program'"),
      (["--", "/etc"], "cannot run '/etc'"),
      ([], "after '--'"), (["--"], "after '--'"),
      (["--upstream", "x", "--", "true"], "--upstream"),
      (["--upstream", "127.0.0.1:0", "--", "true"], "--upstream"),
      (["--upstream", "fd:0", "--", "true"], "--upstream"),
      (["--restart", "always", "--", "true"], "restart"),
      (["--", "gunicorn", "--bind", "example.com:80", "app"], "example.com:80"),
      (["--", "uvicorn", "--fd", "3", "app"], "--upstream"),
      (["--", "granian", "--host", "example.com", "app"], "--upstream"),
      (["--", "manage.py", "runserver", "example.com:80"], "--upstream"),
      (["--trust-proxy", "10.0.0.1/8", "--", "true"], "bits behind"),
      (["--trust-proxy", "all", "--trust-proxy", "::1", "--", "true"], "beside"),
      (["--https-redirect", "--", "true"], "--trust-proxy"),
      (["--start-timeout", "86401", "--", "true"], "--start-timeout"),
      (["--hsts=-1", "--", "true"], "--hsts"),
      (["--hsts-preload", "--hsts", "60", "--", "true"], "31536000"),
      (["--hsts-subdomains", "--", "true"], "--hsts"),
    ] as [([String], String)]
  )
  func usage(arguments: [String], mentions: String) {
    let command = [Command.staticd, "run", "--public", site.path, "--listen", "127.0.0.1:0"]
    let result = Command.run(command + arguments)
    #expect(result.status == 2)
    #expect(result.diagnostics.count == 1, "\(result.errors)")
    #expect(result.errors.contains(mentions), "\(result.errors)")
  }

  @Test("a port in use is reported before the app is started")
  func takenPort() {
    let first = run(app: ["sleep", "60"])
    #expect(SupervisedRun.eventually { first.port != nil })
    let address = "127.0.0.1:\(first.port ?? 0)"
    let marker = site.path("started")
    let result = Command.run(
      [Command.staticd, "run", "--public", site.path, "--listen", address, "--", "touch", marker]
    )
    #expect(result.status == 3)
    #expect(result.errors.contains("cannot listen at \(address)"))
    #expect(site.read("started") == nil)
  }

  @Test("signals are forwarded to the app, and its exit status is passed on")
  func signals() {
    let running = run(app: ["python3", "-c", Self.teller])
    #expect(running.prints("ready\n"))
    let names: [(Int32, String)] = [
      (SIGHUP, "HUP"), (SIGUSR1, "USR1"), (SIGUSR2, "USR2"), (SIGTTIN, "TTIN"),
      (SIGTTOU, "TTOU"), (SIGWINCH, "WINCH"),
    ]
    for (signal, name) in names {
      running.send(signal)
      #expect(running.prints("got SIG\(name)\n"))
    }
    // The served files are reloaded too.
    #expect(running.prints("Reloaded: "))
    running.send(SIGTERM)
    #expect(running.wait() == 5)
    #expect(running.output.contains("got SIGTERM\n"))
    #expect(running.errors.contains("Stopped: "))
  }

  @Test("INT and QUIT are forwarded unchanged", arguments: [(SIGINT, "INT"), (SIGQUIT, "QUIT")])
  func otherStops(signal: Int32, name: String) {
    let running = run(app: ["python3", "-c", Self.teller])
    #expect(running.prints("ready\n"))
    running.send(signal)
    #expect(running.prints("got SIG\(name)\n"))
    // The program only ends at SIGTERM.
    running.send(SIGTERM)
    #expect(running.wait() == 5)
  }

  @Test("requests in flight are finished before the app is stopped")
  func drainOrder() throws {
    site.write([UInt8](repeating: 7, count: 12_000_000), to: "large.bin")
    let running = run(app: ["python3", "-c", Self.teller])
    #expect(running.prints("ready\n"))
    let port = try #require(running.port)
    let client = HTTPClient(port: port, receiveBuffer: 65536)
    client.send("GET /large.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(client.take(1))
    running.send(SIGTERM)
    // New connections are refused while the old one continues.
    #expect(SupervisedRun.eventually { !Self.accepts(port) })
    #expect(!running.output.contains("got SIGTERM"))
    #expect(client.rest().count > 12_000_000)
    #expect(running.wait() == 5)
  }

  @Test("a second signal is forwarded at once")
  func secondSignal() throws {
    site.write([UInt8](repeating: 7, count: 12_000_000), to: "large.bin")
    let running = run("--grace", "300", app: ["python3", "-c", Self.teller])
    #expect(running.prints("ready\n"))
    var client: HTTPClient? = HTTPClient(port: try #require(running.port), receiveBuffer: 65536)
    client?.send("GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client?.take(1) == true)
    running.send(SIGTERM)
    #expect(SupervisedRun.eventually { !Self.accepts(running.port ?? 0) })
    running.send(SIGTERM)
    #expect(running.prints("got SIGTERM\n"))
    // The request in flight delays the end, not the app.
    client = nil
    #expect(running.wait() == 5)
  }

  @Test("an app that does not end is killed after the grace time, with its process group")
  func kill() throws {
    let script = "trap '' TERM; (trap '' TERM; sleep 300) & echo child $!; sleep 300; sleep 300"
    let running = run("--grace", "1", app: ["sh", "-c", script])
    #expect(running.prints("child "))
    let child = try #require(Self.number(after: "child ", in: running.output))
    running.send(SIGTERM)
    #expect(running.wait() == 137)
    #expect(SupervisedRun.eventually { !Self.isAlive(child) })
  }

  @Test("processes left by a shell that has ended are ended, too")
  func group() throws {
    let running = run(app: ["sh", "-c", "sleep 300 & echo child $!; wait"])
    #expect(running.prints("child "))
    let child = try #require(Self.number(after: "child ", in: running.output))
    running.send(SIGTERM)
    #expect(running.wait() == 143)
    #expect(SupervisedRun.eventually { !Self.isAlive(child) })
  }

  @Test("the app does not outlive a killed staticd")
  func killedServer() throws {
    let running = run(app: ["sh", "-c", "echo child $$; exec sleep 300"])
    #expect(running.prints("child "))
    let child = try #require(Self.number(after: "child ", in: running.output))
    running.send(SIGKILL)
    #expect(running.wait() == -SIGKILL)
    #expect(SupervisedRun.eventually { !Self.isAlive(child) })
  }

  @Test("an app that is killed ends staticd with its status")
  func killedApp() throws {
    let running = run(app: ["sh", "-c", "echo child $$; exec sleep 300"])
    #expect(running.prints("child "))
    let child = try #require(Self.number(after: "child ", in: running.output))
    Foundation.kill(child, SIGKILL)
    #expect(running.wait() == 137)
    #expect(running.errors.contains("by signal 9"))
  }

  @Test("an app that fails is restarted after a second with the restart option")
  func restart() {
    let marker = site.path("failed")
    let script = "if [ -e \(marker) ]; then echo again; exec sleep 300; fi; touch \(marker); exit 3"
    let start = ContinuousClock.now
    let running = run("--restart", "on-failure", app: ["sh", "-c", script])
    #expect(running.prints("again\n"))
    #expect(start.duration(to: .now) > .milliseconds(900))
    #expect(running.errors.contains("with status 3; it is started again in 1 s"))
    running.send(SIGTERM)
    #expect(running.wait() == 143)
  }

  @Test("an app that succeeds is not restarted, and a stop does not wait for the next start")
  func noRestart() {
    #expect(run("--restart", "on-failure", app: ["true"]).wait() == 0)
    let failing = run("--restart", "on-failure", app: ["false"])
    #expect(SupervisedRun.eventually { failing.errors.contains("started again in 2 s") })
    failing.send(SIGTERM)
    #expect(failing.wait() == 1)
  }

  @Test(
    "the variables that name the app's address",
    arguments: [
      ([], ["sh"], "127.0.0.1:PORT|--bind 127.0.0.1:PORT||127.0.0.1|PORT"),
      (["--upstream", ":8123"], ["sh"], "127.0.0.1:8123|--bind 127.0.0.1:8123||127.0.0.1|8123"),
      (
        ["--upstream", "unix:/x.sock"], ["sh"],
        "unix:/x.sock|--bind unix:/x.sock --forwarded-allow-ips '*'|/x.sock||"
      ),
    ] as [([String], [String], String)]
  )
  func environment(options: [String], shell: [String], expected: String) throws {
    let script =
      "echo \"told $PORT|$GUNICORN_CMD_ARGS|$UVICORN_UDS|$UVICORN_HOST|$UVICORN_PORT.\""
    let running = SupervisedRun(["--public", site.path] + options, shell + ["-c", script])
    #expect(running.wait() == 0)
    let line = try #require(running.output.components(separatedBy: "told ").last)
    let told = try #require(line.components(separatedBy: ".\n").first)
    let port = told.prefix { $0 != "|" }
    let words = expected.replacingOccurrences(of: "PORT", with: port).split(
      separator: "|",
      maxSplits: 1
    )
    #expect(told.drop { $0 != "|" }.dropFirst() == words[1])
    #expect(UInt16(port) != nil)
  }

  @Test(
    "arguments added for servers that read no variable, and commands that get none",
    arguments: [
      ("manage.py runserver", "manage.py runserver 127.0.0.1:PORT"),
      ("manage.py runserver 8123", "manage.py runserver 8123"),
      ("manage.py runserver --noreload", "manage.py runserver 127.0.0.1:PORT --noreload"),
      (
        "manage.py runserver --noreload 127.0.0.1:8123",
        "manage.py runserver --noreload 127.0.0.1:8123"
      ),
      ("daphne a:b", "daphne -b 127.0.0.1 -p PORT a:b"),
      ("hypercorn --bind 127.0.0.1:8123 a:b", "hypercorn --bind 127.0.0.1:8123 a:b"),
      ("granian --port 8123 a:b", "granian --port 8123 a:b"), ("other 8123", "other 8123"),
    ]
  )
  func addedArguments(words: String, expected: String) throws {
    let parts = words.components(separatedBy: " ")
    let program = TemporaryDirectory()
    let path = program.write("#!/bin/sh\necho \"told $PORT ${0##*/} $*.\"", to: parts[0])
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    let running = run(app: [path] + parts.dropFirst())
    #expect(running.wait() == 0, "\(running.errors)")
    let line = try #require(running.output.components(separatedBy: "told ").last)
    let told = try #require(line.components(separatedBy: ".\n").first)
    let port = String(told.prefix { $0 != " " })
    #expect((port == "8123") == (expected.contains("8123") && !words.hasPrefix("other")))
    let rest = String(told.dropFirst(port.count + 1))
    #expect(rest == expected.replacingOccurrences(of: "PORT", with: port))
  }

  @Test("the app gets the original soft descriptor limit, and no socket of systemd")
  func inheritance() {
    let running = SupervisedRun(
      ["--public", site.path],
      ["sh", "-c", "echo limit $(ulimit -Sn) sockets $LISTEN_FDS$LISTEN_PID."],
      environment: ["LISTEN_FDS": "1", "LISTEN_PID": "1"],
      prefix: ["sh", "-c", "ulimit -Sn 200; exec \"$@\"", "sh"]
    )
    #expect(running.wait() == 0, "\(running.errors)")
    #expect(running.output.contains("limit 200 sockets .\n"))
  }

  @Test("the end of the app is noticed even if SIGCHLD was ignored by the parent")
  func ignoredChildren() {
    let running = SupervisedRun(
      ["--public", site.path],
      ["sh", "-c", "exit 7"],
      prefix: ["env", "--ignore-signal=CHLD"]
    )
    #expect(running.wait() == 7)
  }

  @Test("as process 1, orphans are reaped")
  func processOne() throws {
    let prefix = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
    guard Command.run(prefix + ["true"]).status == 0 else {
      // Without the right to create a namespace, no process here can be process 1.
      return
    }
    // Each orphan ends after its parent.
    let script = """
      echo parent $PPID
      for i in 1 2 3 4 5; do
        sh -c '(while kill -0 $$ 2>/dev/null; do :; done) & echo orphan $!'
      done
      echo sent
      exec sleep 300
      """
    let running = SupervisedRun(
      ["--public", site.path],
      ["sh", "-c", script],
      prefix: prefix
    )
    #expect(running.prints("sent\n"))
    #expect(running.output.contains("parent 1\n"))
    #expect(running.output.components(separatedBy: "orphan ").count == 6)
    // Only staticd and the app are left. Their parent is in another namespace.
    let server = try #require(Self.children(of: running.pid).first)
    #expect(eventually { Self.children(of: server).count == 1 })
  }

  /// The children of a process, including zombies.
  ///
  /// Source: proc(5).
  private static func children(of number: Int32) -> [Int32] {
    let path = "/proc/\(number)/task/\(number)/children"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: " ").compactMap { Int32($0) }
  }

  /// Whether a connection to the port is accepted.
  static func accepts(_ port: UInt16) -> Bool {
    let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  /// The number after `text`.
  static func number(after text: String, in output: String) -> Int32? {
    guard let rest = output.components(separatedBy: text).dropFirst().first else { return nil }
    return Int32(rest.prefix { $0.isNumber })
  }

  /// Whether a process runs; a zombie does not.
  static func isAlive(_ number: Int32) -> Bool {
    guard let data = FileManager.default.contents(atPath: "/proc/\(number)/stat") else {
      return false
    }
    return !String(decoding: data, as: UTF8.self).contains(") Z")
  }

  @Test("signals other than stop signals are not forwarded to an app that is being stopped")
  func signalsWhileEnding() {
    // Like an interpreter at its end, when signals have their default effect.
    let script = """
      import signal, sys
      others = [signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGTTIN, signal.SIGTTOU]
      count = 0
      def end(*_):
          global count
          count += 1
          if count == 2: sys.exit(3)
          for other in others: signal.signal(other, signal.SIG_DFL)
          print("ending", flush=True)
      signal.signal(signal.SIGTERM, end)
      print("ready", flush=True)
      while True: signal.pause()
      """
    let running = run(app: ["python3", "-c", script])
    #expect(running.prints("ready"))
    running.send(SIGTERM)
    #expect(running.prints("ending"))
    for signal in [SIGHUP, SIGUSR1, SIGUSR2, SIGTTIN, SIGTTOU] { running.send(signal) }
    running.send(SIGTERM)
    #expect(running.wait() == 3, "\(running.errors)")
  }
}
