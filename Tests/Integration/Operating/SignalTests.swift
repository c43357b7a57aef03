import Foundation
import TestSupport
import Testing

/// The signals of `staticd serve`, one by one.
@Suite struct SignalTests {
  private let site = TemporaryDirectory()

  init() {
    site.write("hello", to: "public/a.txt")
  }

  private func serve(
    _ options: [String] = [],
    listen: String = "127.0.0.1:0",
    environment: [String: String] = [:],
    prefix: [String] = [],
    program: String = Command.staticd
  ) -> ServingRun {
    ServingRun(
      ["serve", "--public", site.path("public"), "--listen", listen] + options,
      environment: environment,
      prefix: prefix,
      program: program
    )
  }

  private func isAlive(_ number: Int32) -> Bool { kill(number, 0) == 0 }

  @Test("USR1 reopens the log, reloads nothing else, and ends nothing")
  func reopen() throws {
    let log = site.path("log")
    let running = serve(["--access-log-file", log])
    let client = HTTPClient(port: try #require(running.port(), "\(running.errors)"))
    #expect(client.get("/a.txt?1")?.status == 200)
    #expect(eventually { site.text("log")?.contains("/a.txt?1") == true })
    site.rename("log", to: "log.1")
    site.write("new", to: "public/b.txt")
    running.send(SIGUSR1)
    #expect(eventually { FileManager.default.fileExists(atPath: log) })
    #expect(client.get("/a.txt?2")?.status == 200)
    #expect(eventually { site.text("log")?.contains("/a.txt?2") == true })
    #expect(site.text("log.1")?.contains("/a.txt?2") == false)
    #expect(client.get("/b.txt")?.status == 404)
    #expect(!running.output.contains("Reloaded"))
  }

  @Test("USR1 without a log file, several times, changes nothing")
  func reopenNothing() throws {
    let running = serve(["--access-log", "off"])
    let client = HTTPClient(port: try #require(running.port(), "\(running.errors)"))
    for _ in 0..<20 {
      running.send(SIGUSR1)
      #expect(client.get("/a.txt")?.status == 200)
    }
    running.send(SIGTERM)
    #expect(running.wait() == 0)
    #expect(running.errorLines.isEmpty, "\(running.errors)")
  }

  @Test("TERM, INT and QUIT finish the requests in flight", arguments: [SIGTERM, SIGINT, SIGQUIT])
  func end(signal: Int32) throws {
    let running = serve()
    let client = HTTPClient(port: try #require(running.port(), "\(running.errors)"))
    #expect(client.get("/a.txt")?.status == 200)
    running.send(signal)
    #expect(running.wait() == 0)
    #expect(running.output.contains("Stopped: "))
  }

  @Test("a second TERM ends the process at once")
  func secondEnd() throws {
    let running = serve(["--grace", "600"])
    let client = HTTPClient(port: try #require(running.port(), "\(running.errors)"))
    client.send("POST /a.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1")
    running.send(SIGTERM)
    #expect(eventually { HTTPClient(connectingTo: running.port() ?? 0) == nil })
    #expect(running.isRunning)
    // The first signal may not have been handled yet, so it is repeated.
    _ = eventually {
      running.send(SIGTERM)
      return !running.isRunning
    }
    #expect(running.wait() == -SIGTERM)
  }

  @Test("USR2: a new process serves at the same sockets, and the old one ends")
  func upgrade() throws {
    let running = serve()
    let port = try #require(running.port(), "\(running.errors)")
    let client = HTTPClient(port: port)
    #expect(client.get("/a.txt")?["Connection"] == nil)
    // Only the new process's table contains a file added now.
    site.write("new", to: "public/b.txt")
    running.send(SIGUSR2)
    #expect(running.prints(" serves; "), "\(running.errors)")
    let new = try #require(running.successors.first)
    // Each loop of the old process stops accepting by itself.
    #expect(eventually { HTTPClient(connectingTo: port)?.get("/b.txt")?.text == "new" })
    // A connection of the old process gets one more response, with Connection: close.
    let last = client.get("/a.txt")
    #expect(last?.text == "hello")
    #expect(last?["Connection"] == "close")
    #expect(running.wait() == 0)
    #expect(isAlive(new))
    #expect(HTTPClient(port: port).get("/b.txt")?.text == "new")
    #expect(running.output.contains("\(running.pid) finishes its requests and ends"))
    #expect(running.errorLines.isEmpty, "\(running.errors)")
    // A second upgrade, from the new process.
    kill(new, SIGUSR2)
    #expect(running.prints(" serves; ", times: 2), "\(running.errors)")
    #expect(eventually { HTTPClient(connectingTo: port)?.get("/b.txt")?.text == "new" })
    #expect(eventually { !isAlive(new) })
    let newest = try #require(running.successors.last)
    #expect(newest != new)
    kill(newest, SIGTERM)
    #expect(eventually { !isAlive(newest) })
    #expect(HTTPClient(connectingTo: port) == nil)
  }

  @Test("USR2 with admin pages: the new process serves them", arguments: ["127.0.0.1:0", "unix:"])
  func upgradeAdmin(place: String) throws {
    let path = site.path("admin.sock")
    let running = serve(["--admin", place == "unix:" ? "unix:\(path)" : place])
    #expect(running.port() != nil, "\(running.errors)")
    #expect(running.prints("Admin pages at "))
    let text = running.output.components(separatedBy: "Admin pages at ").last ?? ""
    let url = text.prefix { !$0.isNewline }
    func answer() -> String {
      let command =
        place == "unix:" ? ["--unix-socket", path, "http://localhost/readyz"] : ["\(url)readyz"]
      return Command.run(["curl", "-s"] + command).output
    }
    #expect(answer() == "ok\n")
    running.send(SIGUSR2)
    #expect(running.prints(" serves; "), "\(running.errors)")
    #expect(running.wait() == 0)
    #expect(answer() == "ok\n")
    kill(try #require(running.successors.first), SIGTERM)
  }

  @Test("USR2 with Unix sockets: their files stay until the last process ends")
  func upgradeAtPath() throws {
    let path = site.path("s.sock")
    let running = serve(listen: "unix:\(path)")
    #expect(running.prints("Serving "), "\(running.errors)")
    running.send(SIGUSR2)
    #expect(running.wait() == 0, "\(running.errors)")
    let new = try #require(running.successors.first)
    let answer = Command.run(["curl", "-sS", "--unix-socket", path, "http://x/a.txt"])
    #expect(answer.output == "hello", "\(answer.errors)")
    kill(new, SIGTERM)
    #expect(eventually { !FileManager.default.fileExists(atPath: path) })
  }

  @Test(
    "USR2 with another number of loops: every socket has a loop",
    arguments: [("3", "1"), ("1", "3"), ("2", "2")]
  )
  func upgradeWorkers(before: String, after: String) throws {
    site.write("workers = \(before)\n", to: "staticd.toml")
    let running = serve(["--config", site.path("staticd.toml")])
    let port = try #require(running.port(), "\(running.errors)")
    site.write("workers = \(after)\n", to: "staticd.toml")
    running.send(SIGUSR2)
    #expect(running.wait() == 0, "\(running.errors)")
    // The kernel still distributes connections over the sockets that the first process opened.
    for _ in 0..<40 {
      let client = HTTPClient(port: port, seconds: 10)
      #expect(client.get("/a.txt", "Connection: close")?.text == "hello")
    }
  }

  @Test("USR2 when the new process cannot start: the old one keeps serving, and reports why")
  func failedUpgrade() throws {
    site.write("max-age = 5\n", to: "staticd.toml")
    let running = serve(["--config", site.path("staticd.toml")])
    let port = try #require(running.port(), "\(running.errors)")
    site.write("max-age = \"x\"\n", to: "staticd.toml")
    running.send(SIGUSR2)
    #expect(running.complains("upgrade failed"), "\(running.output)")
    #expect(running.errors.contains("staticd.toml:1: --max-age 'x'"))
    #expect(running.errors.contains("process \(running.pid) serves on: process "))
    #expect(running.errors.contains("it has ended with 2"))
    #expect(HTTPClient(port: port).get("/a.txt")?["Cache-Control"] == "max-age=5, public")
    // Once the file is corrected, it works.
    site.write("max-age = 6\n", to: "staticd.toml")
    running.send(SIGUSR2)
    #expect(running.wait() == 0, "\(running.errors)")
    #expect(HTTPClient(port: port).get("/a.txt")?["Cache-Control"] == "max-age=6, public")
  }

  @Test("USR2 starts the file that is at our path now, whatever it is")
  func otherProgram() throws {
    site.link("staticd", to: Command.staticd)
    let running = serve(program: site.path("staticd"))
    let port = try #require(running.port(), "\(running.errors)")
    site.remove("staticd")
    running.send(SIGUSR2)
    #expect(running.complains("cannot run '\(site.path("staticd"))': No such file"))
    site.write("#!/bin/sh\nexit 7\n", to: "staticd")
    chmod(site.path("staticd"), 0o755)
    running.send(SIGUSR2)
    #expect(running.complains("it has ended with 7"), "\(running.errors)")
    site.write("#!/bin/sh\nexec '\(Command.staticd)' \"$@\" --max-age 8\n", to: "staticd")
    running.send(SIGUSR2)
    #expect(running.wait() == 0, "\(running.errors)")
    #expect(HTTPClient(port: port).get("/a.txt")?["Cache-Control"] == "max-age=8, public")
  }

  @Test("TERM during an upgrade ends both processes; a second USR2 starts no third")
  func endInUpgrade() throws {
    site.link("staticd", to: Command.staticd)
    let running = serve(program: site.path("staticd"))
    #expect(running.port() != nil, "\(running.errors)")
    site.remove("staticd")
    // It holds the pipe and never serves.
    site.write("#!/bin/sh\nexec sleep 600\n", to: "staticd")
    chmod(site.path("staticd"), 0o755)
    running.send(SIGUSR2)
    #expect(running.prints("was started"), "\(running.errors)")
    let new = try #require(running.successors.first)
    running.send(SIGUSR2)
    #expect(running.complains("process \(new) is starting already"))
    running.send(SIGTERM)
    #expect(running.wait() == 0)
    #expect(eventually { !isAlive(new) })
  }
}
