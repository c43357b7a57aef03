import Foundation
import TestSupport
import Testing

/// The destination of log lines of the real program: requests and notices, files, rotation, full
/// disks.
@Suite struct AccessLogCommandTests {
  private let site = TemporaryDirectory()

  init() {
    site.write("hello", to: "public/a.txt")
  }

  private func serve(_ options: [String]) -> RunningServer {
    RunningServer(["--public", site.path("public")] + options)
  }

  private func objects(_ text: String) throws -> [[String: Any]] {
    try text.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any], "\($0)")
    }
  }

  @Test(
    "requests go to standard output only, notices to standard error only",
    arguments: ["text", "json"]
  )
  func streams(format: String) throws {
    let server = serve(["--log-format", format, "--health-path", "/a.txt"])
    #expect(HTTPClient(port: server.port).get("/none?\"")?.status == 404)
    server.send(SIGHUP)
    #expect(eventually { server.errors.contains("Reloaded: 1 file") })
    server.send(SIGTERM)
    #expect(server.wait() == 0)
    let requests = try objects(server.output)
    #expect(requests.map { $0["target"] as? String } == ["/none?\""])
    #expect(server.errors.contains("Stopped: "))
    if format == "json" {
      let notices = try objects(server.errors)
      for notice in notices {
        #expect(Set(notice.keys) == ["time", "level", "message"])
        let time = try #require(notice["time"] as? String)
        #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
      }
      #expect(Set(notices.compactMap { $0["level"] as? String }) == ["info", "warning"])
    } else {
      #expect(server.errors.contains("staticd: warning: --health-path"))
      #expect(!server.errors.contains("{"))
    }
  }

  @Test("USR1 reopens the log file and reloads nothing else")
  func rotation() throws {
    let log = site.path("access.log")
    let server = serve(["--access-log-file", log])
    let client = HTTPClient(port: server.port)
    #expect(client.get("/a.txt?1")?.status == 200)
    #expect(eventually { self.site.text("access.log")?.contains("a.txt?1") == true })
    try FileManager.default.moveItem(atPath: log, toPath: site.path("old.log"))
    site.write("new", to: "public/b.txt")
    server.send(SIGUSR1)
    #expect(eventually { FileManager.default.fileExists(atPath: log) })
    #expect(client.get("/a.txt?2")?.status == 200)
    #expect(client.get("/b.txt")?.status == 404)
    #expect(eventually { self.site.text("access.log")?.contains("b.txt") == true })
    #expect(site.text("access.log")?.contains("a.txt?2") == true)
    #expect(site.text("old.log")?.contains("a.txt?2") == false)
    #expect(!server.errors.contains("Reloaded"))
    // The path cannot be opened: the old file is kept, and the reason is reported.
    try FileManager.default.removeItem(atPath: log)
    try FileManager.default.createDirectory(atPath: log, withIntermediateDirectories: false)
    server.send(SIGUSR1)
    #expect(eventually { server.errors.contains("--access-log-file '\(log)'") })
    #expect(client.get("/a.txt?3")?.status == 200)
    server.send(SIGTERM)
    #expect(server.wait() == 0)
  }

  @Test("in front of gunicorn, USR1 reopens both logs")
  func gunicorn() throws {
    let gunicorn = try Command.fixture("django/bin/gunicorn")
    let (log, own) = (site.path("access.log"), site.path("app.log"))
    let running = SupervisedRun(
      ["--public", site.path("public"), "--access-log", "json", "--access-log-file", log],
      [gunicorn, "--access-logfile", own, "run_app:wsgi"],
      environment: ["PYTHONPATH": Site.path, "PYTHONDONTWRITEBYTECODE": "1"]
    )
    #expect(running.prints("The app listens at unix:"), "\(running.errors)")
    let client = HTTPClient(port: try #require(running.port))
    #expect(client.get("/page?1")?.status == 200)
    for path in [log, own] { rename(path, "\(path).1") }
    running.send(SIGUSR1)
    for path in [log, own] {
      #expect(eventually { FileManager.default.fileExists(atPath: path) }, "\(path)")
    }
    for name in ["access.log", "app.log"] {
      // gunicorn's worker opens its log after the master has created the file.
      let isWritten = eventually {
        #expect(client.get("/page?2")?.status == 200)
        return self.site.text(name)?.contains("/page?2") == true
      }
      #expect(isWritten, "\(name)")
    }
    running.send(SIGTERM)
    #expect(running.wait() == 0)
  }

  @Test("a full disk is reported once, lost lines are counted, and logging resumes by itself")
  func fullDisk() throws {
    let log = site.path("access.log")
    try FileManager.default.createSymbolicLink(atPath: log, withDestinationPath: "/dev/full")
    let server = serve(["--access-log-file", log, "--admin", "unix:\(site.path("admin.sock"))"])
    let client = HTTPClient(port: server.port)
    func lost() -> Int? {
      let socket = site.path("admin.sock")
      let page = Command.run(["curl", "-s", "--unix-socket", socket, "http://x/metrics"]).output
      let line = page.split(separator: "\n").first {
        $0.hasPrefix("staticd_log_dropped_lines_total ")
      }
      return line.flatMap { Int($0.split(separator: " ")[1]) }
    }
    for number in 1...3 {
      #expect(client.get("/a.txt?\(number)")?.status == 200)
      #expect(eventually { lost() == number })
    }
    unlink(log)
    server.send(SIGUSR1)
    #expect(eventually { FileManager.default.fileExists(atPath: log) })
    #expect(client.get("/a.txt?4")?.status == 200)
    #expect(eventually { self.site.text("access.log")?.contains("a.txt?4") == true })
    let lines = try objects(site.text("access.log") ?? "")
    #expect(lines.count == 2)
    #expect(lines.first?["dropped"] as? Int == 3)
    #expect(server.errors.components(separatedBy: "No space left on device").count == 2)
    #expect(server.errors.contains("--access-log-file '\(log)'"))
    server.send(SIGTERM)
    #expect(server.wait() == 0)
    #expect(server.errors.contains("staticd: 3 lines of the access log were lost"))
  }

  /// When a FIFO has no reader.
  enum Absence: String, CaseIterable, Sendable {
    case atStart, atUSR1, atHUP
  }

  @Test(
    "a FIFO without a reader keeps no signal and no request waiting",
    arguments: Absence.allCases
  )
  func fifo(absence: Absence) throws {
    let log = site.path("fifo")
    #expect(mkfifo(log, 0o600) == 0)
    var reader = absence == .atStart ? -1 : open(log, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    let server = serve(["--access-log-file", log])
    let client = HTTPClient(port: server.port)
    if absence != .atStart {
      close(reader)
      server.send(absence == .atHUP ? SIGHUP : SIGUSR1)
    }
    // Signals are taken in their order.
    server.send(SIGHUP)
    #expect(eventually { server.errors.contains("Reloaded: 1 file") })
    #expect(client.get("/a.txt?1")?.status == 200)
    // A reader that comes gets the lines.
    reader = open(log, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    defer { close(reader) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    #expect(eventually { read(reader, &buffer, buffer.count) > 0 })
    #expect(String(decoding: buffer, as: UTF8.self).contains("\"target\":\"/a.txt?1\""))
    server.send(SIGTERM)
    #expect(server.wait() == 0)
  }

  @Test("lines that no reader has taken until the end are told on standard error")
  func unread() throws {
    let log = site.path("fifo")
    #expect(mkfifo(log, 0o600) == 0)
    let reader = open(log, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    defer { close(reader) }
    let server = serve(["--access-log-file", log])
    let client = HTTPClient(port: server.port)
    let count = 500
    for _ in 0..<count { #expect(client.get("/a.txt")?.status == 200) }
    server.send(SIGTERM)
    #expect(server.wait() == 0)
    var buffer = [UInt8](repeating: 0, count: 1 << 17)
    let size = read(reader, &buffer, buffer.count)
    let written = buffer.prefix(max(0, size)).count { $0 == UInt8(ascii: "\n") }
    #expect(written < count)
    #expect(server.errors.contains("staticd: \(count - written) lines of the access log were lost"))
  }

  @Test("after a full disk has space again, no line is joined to another")
  func spaceAgain() throws {
    site.write("", to: "disk/.keep")
    // A small file system, which is unmounted when the shell ends.
    let script = """
      set -eu
      cd "$1"
      mount -t tmpfs -o size=64k tmpfs disk
      "$0" serve --public public --listen unix:s.sock --access-log-file disk/log 2>errors &
      server=$!
      trap 'kill $server' EXIT
      get() { curl -s -o /dev/null --unix-socket s.sock "http://x/a.txt?[1-$1]"; }
      while [ ! -S s.sock ]; do sleep 0.01; done
      dd if=/dev/zero of=disk/fill bs=1k count=40 2>/dev/null
      get 200
      while ! grep -q "No space left" errors; do sleep 0.01; done
      rm disk/fill
      get 3
      while ! tail -n1 disk/log | grep -q '"target":"/a.txt?3"'; do sleep 0.01; done
      cat disk/log
      """
    let result = Command.run([
      "unshare", "-m", "timeout", "50", "sh", "-c", script, Command.staticd, site.path,
    ])
    #expect(result.status == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n")
    let whole = lines.compactMap {
      try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
    // A line cut off by the full disk stays on its own, if there is one.
    #expect((0...1).contains(lines.count - whole.count))
    let requests = whole.filter { $0["target"] != nil }
    let dropped = whole.compactMap { $0["dropped"] as? Int }.reduce(0, +)
    #expect(requests.count > 20)
    #expect(dropped > 20)
    #expect(requests.count + dropped == 203)
    #expect(site.text("errors")?.components(separatedBy: "No space left").count == 2)
  }

  @Test(
    "a log that cannot be written is an error before anything is served",
    arguments: [
      ("none/access.log", "make its directory first"), ("public", "name a file in it"),
      ("public/a.txt/log", "make its directory first"),
    ]
  )
  func unwritable(name: String, advice: String) {
    let path = site.path(name)
    let result = Command.staticd(
      "serve",
      "--public",
      site.path("public"),
      "--listen",
      "127.0.0.1:0",
      "--access-log-file",
      path
    )
    #expect(result.status == 2)
    #expect(result.errorLines.count == 1, "\(result.errors)")
    #expect(result.errors.contains("--access-log-file '\(path)'"), "\(result.errors)")
    #expect(result.errors.contains(advice), "\(result.errors)")
    let checked = Command.staticd(
      "check",
      "--root",
      site.path("public"),
      environment: ["STATICD_ACCESS_LOG_FILE": path]
    )
    #expect(checked.status == 2)
    #expect(checked.errors.contains("--access-log-file '\(path)'"), "\(checked.errors)")
  }

  @Test(
    "invalid syslog addresses",
    arguments: [
      "syslog:", "syslog:host:514", "syslog:127.0.0.1", "syslog:unix:",
    ]
  )
  func malformedSyslog(text: String) {
    let result = Command.staticd(
      "serve",
      "--public",
      site.path("public"),
      "--listen",
      "127.0.0.1:0",
      "--access-log-file",
      text
    )
    #expect(result.status == 2)
    #expect(result.errorLines.count == 1, "\(result.errors)")
    #expect(result.errors.contains("--access-log-file '\(text)'"), "\(result.errors)")
  }

  @Test("a syslog daemon gets the lines")
  func syslog() throws {
    let socket = site.path("log.sock")
    let receiver = RunningProgram(
      [
        "python3", "-u", "-c",
        """
        import socket, sys
        log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        log.bind(sys.argv[1])
        print("http://127.0.0.1:1 ", flush=True)
        open(sys.argv[2], "wb").write(log.recv(65536))
        """, socket, site.path("message"),
      ],
      directory: site.path
    )
    let server = RunningServer(
      ["--public", site.path("public"), "--access-log-file", "syslog:\(socket)"],
      environment: ["TZ": "ABC-5:30"]
    )
    #expect(HTTPClient(port: server.port).get("/a.txt")?.status == 200)
    #expect(eventually { self.site.text("message")?.contains("\"target\":\"/a.txt\"") == true })
    // Local time, as syslog(3) writes it.
    let local = Date().addingTimeInterval(5.5 * 3600)
    let hours = [-60.0, 0].map { seconds -> String in
      let parts = local.addingTimeInterval(seconds).ISO8601Format()
      return String(parts.dropFirst(11).prefix(5))
    }
    let message = site.text("message") ?? ""
    #expect(message.hasPrefix("<134>"))
    #expect(hours.contains(String(message.dropFirst(12).prefix(5))), "\(message)")
    #expect(server.output.isEmpty)
    withExtendedLifetime(receiver) {}
  }

  @Test("a missing syslog daemon is reported with the remedy")
  func noDaemon() {
    let result = Command.run([
      Command.staticd, "serve", "--public", site.path("public"), "--listen", "127.0.0.1:0",
      "--access-log-file", "syslog:/nodir/log",
    ])
    #expect(result.status == 3)
    #expect(result.errorLines.count == 1)
    #expect(result.errors.contains("start the syslog daemon, or name another"))
  }

  @Test("GoAccess reads every line of the combined form")
  func goaccess() throws {
    let goaccess = try Command.fixture("/usr/bin/goaccess")
    let log = site.path("access.log")
    let socket = site.path("s.sock")
    let server = serve([
      "--access-log", "combined", "--access-log-file", log, "--listen", "unix:\(socket)",
    ])
    for target in ["/a.txt", "/none"] {
      let asked = Command.run(["curl", "-s", "--unix-socket", socket, "http://x\(target)"])
      #expect(asked.status == 0)
    }
    let agents = ["Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "a \"b\" \\", "ä", ""]
    for (number, agent) in agents.enumerated() {
      let client = HTTPClient(port: server.port)
      #expect(
        client.get("/a.txt?\(number)", "User-Agent: \(agent)", "Referer: http://r/\"")?.status
          == 200
      )
      #expect(client.get("/none\"\\", "Referer: \\")?.status == 404)
    }
    server.send(SIGTERM)
    #expect(server.wait() == 0)
    let report = Command.run([
      goaccess, log, "--log-format=COMBINED", "-o", "json", "--no-global-config",
    ])
    let object = try JSONSerialization.jsonObject(with: Data(report.output.utf8)) as? [String: Any]
    let general = try #require(object?["general"] as? [String: Any], "\(report.errors)")
    #expect(general["total_requests"] as? Int == 10)
    #expect(general["valid_requests"] as? Int == 10)
    #expect(general["failed_requests"] as? Int == 0)
  }
}
