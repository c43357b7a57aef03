import Foundation
import TestSupport
import Testing

/// SIGHUP: files and configuration are read again, without a restart.
///
/// Method: a connection opened before the reload shows the settings after it.
@Suite struct ReloadTests {
  private let site = TemporaryDirectory()

  init() {
    site.write("hello", to: "public/a.txt")
  }

  private func serve(_ toml: String, _ options: [String] = []) -> ServingRun {
    site.write("public = [\"\(site.path("public"))\"]\n\(toml)\n", to: "staticd.toml")
    return ServingRun(
      ["serve", "--config", site.path("staticd.toml"), "--listen", "127.0.0.1:0"] + options
    )
  }

  private func rewrite(_ toml: String) {
    site.write("public = [\"\(site.path("public"))\"]\n\(toml)\n", to: "staticd.toml")
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let before: String
    let after: String
    var path = "/a.txt"
    var field = "Accept: */*"
    let show: @Sendable (HTTPResponse) -> String
    let expected: [String]
    var testDescription: String { "\(before) -> \(after)" }
  }

  private static let trusted = "X-Forwarded-Proto: https"

  static let rows: [Row] = [
    Row(
      before: "max-age = 5",
      after: "max-age = 7",
      show: { $0["Cache-Control"] ?? "" },
      expected: ["max-age=5, public", "max-age=7, public"]
    ),
    Row(
      before: "header = [\"*: X-Rule: a\"]",
      after: "header = [\"*: X-Rule: b\"]",
      show: { $0["X-Rule"] ?? "" },
      expected: ["a", "b"]
    ),
    Row(
      before: "",
      after: "media-type = [\"txt=text/x-other\"]",
      show: { $0["Content-Type"] ?? "" },
      expected: ["text/plain; charset=\"utf-8\"", "text/x-other; charset=\"utf-8\""]
    ),
    Row(
      before: "no-cors = true",
      after: "",
      show: { $0["Access-Control-Allow-Origin"] ?? "none" },
      expected: ["none", "*"]
    ),
    // Trust, and what depends on it.
    Row(
      before: "hsts = 60\ntrust-proxy = [\"10.0.0.1\"]",
      after: "hsts = 60\ntrust-proxy = [\"127.0.0.1\"]",
      field: trusted,
      show: { $0["Strict-Transport-Security"] ?? "none" },
      expected: ["none", "max-age=60"]
    ),
    Row(
      before: "hsts = 60\ntrust-proxy = [\"127.0.0.1\"]",
      after: "hsts = 70\ntrust-proxy = [\"127.0.0.1\"]",
      field: trusted,
      show: { $0["Strict-Transport-Security"] ?? "none" },
      expected: ["max-age=60", "max-age=70"]
    ),
    Row(
      before: "trust-proxy = [\"127.0.0.1\"]",
      after: "trust-proxy = [\"127.0.0.1\"]\nhttps-redirect = true\nhttps-host = \"x.org\"",
      field: "X-Forwarded-Proto: http",
      show: { "\($0.status) \($0["Location"] ?? "")" },
      expected: ["200 ", "301 https://x.org/a.txt"]
    ),
    // Limits.
    Row(
      before: "",
      after: "max-fields = 1",
      show: { "\($0.status)" },
      expected: ["200", "431"]
    ),
    Row(
      before: "",
      after: "keepalive-requests = 1",
      show: { $0["Connection"] ?? "open" },
      expected: ["open", "close"]
    ),
  ]

  @Test("settings after a reload apply to connections opened before it", arguments: rows)
  func option(row: Row) throws {
    let running = serve(row.before)
    let client = HTTPClient(port: try #require(running.port(), "\(running.errors)"))
    let before = try #require(client.get(row.path, row.field))
    #expect(row.show(before) == row.expected[0])
    rewrite(row.after)
    running.send(SIGHUP)
    #expect(running.prints("Reloaded: "), "\(running.errors)")
    // Each loop applies it when it wakes.
    var last: String?
    let isApplied = eventually {
      last = client.get(row.path, row.field).map(row.show)
      return last == row.expected[1] || last == nil
    }
    #expect(isApplied)
    #expect(last == row.expected[1], "nil: the connection was closed")
    #expect(running.errorLines.isEmpty, "\(running.errors)")
  }

  @Test(
    "invalid configuration or files: both old ones stay, and one line gives the reason",
    arguments: [
      ("max-age = 7\nworkers = 0", "staticd.toml:3: --workers 0: give a number from 1 to 256"),
      ("max-age = 7\nmax-agee = 1", "unknown key 'max-agee'"), ("max-age = ", "staticd.toml:2:"),
      ("max-age = 7\ntrust-proxy = [\"10.0.0.0/99\"]", "--trust-proxy"),
      ("max-age = 7\nfallback = \"/none.html\"", "--fallback '/none.html' is no file"),
      ("max-age = 7\nroot = \"/none\"", "--root '/none' is no directory"),
    ]
  )
  func wrong(toml: String, reason: String) throws {
    let running = serve("max-age = 5")
    let client = HTTPClient(port: try #require(running.port(), "\(running.errors)"))
    site.write("new", to: "public/b.txt")
    rewrite(toml)
    running.send(SIGHUP)
    #expect(running.complains("reload failed"), "\(running.output)")
    #expect(running.errorLines.count == 1, "\(running.errors)")
    let line = running.errors
    #expect(line.contains("reload failed, files and configuration from before are kept: "))
    #expect(line.contains(reason), "\(line)")
    #expect(client.get("/a.txt")?["Cache-Control"] == "max-age=5, public")
    #expect(client.get("/b.txt")?.status == 404)
    // Once it is corrected, all settings apply.
    rewrite("max-age = 9")
    running.send(SIGHUP)
    #expect(running.prints("Reloaded: "))
    #expect(eventually { client.get("/b.txt")?["Cache-Control"] == "max-age=9, public" })
  }

  @Test("settings that need a restart are reported, and the rest applies")
  func fixed() throws {
    let running = serve("max-age = 5\nworkers = 1")
    let client = HTTPClient(port: try #require(running.port(), "\(running.errors)"))
    rewrite("max-age = 6\nworkers = 2")
    running.send(SIGHUP)
    #expect(running.prints("Reloaded: "), "\(running.errors)")
    #expect(eventually { client.get("/a.txt")?["Cache-Control"] == "max-age=6, public" })
    #expect(
      running.errorLines == [
        "staticd: \(site.path("staticd.toml")):3: --workers: another value counts after a restart; the "
          + "server keeps the one from before"
      ]
    )
  }

  @Test("the queue's limit, timeouts and trust of an app are the new ones")
  func app() throws {
    let other = TemporaryDirectory()
    site.write("public = [\"\(site.path("public"))\"]\n", to: "staticd.toml")
    let running = ServingRun(
      [
        "run", "--config", site.path("staticd.toml"), "--listen", "127.0.0.1:0", "--access-log",
        "off", "--", "python3", "\(Site.path)/echo_fields.py",
      ],
      environment: ["TMPDIR": other.path]
    )
    #expect(running.prints("The app listens at"), "\(running.errors)")
    let client = HTTPClient(port: try #require(running.port()))
    let fields = ["X-Forwarded-Proto: https", "X-Real-IP: 192.0.2.7"].joined(separator: "\r\n")
    #expect(client.get("/fields", fields)?.text.contains("X-Forwarded-For: 127.0.0.1\n") == true)
    rewrite("trust-proxy = [\"127.0.0.1\"]\nmax-body = 3\nserver-timing = true")
    running.send(SIGHUP)
    #expect(running.prints("Reloaded: "), "\(running.errors)")
    let isTrusted = eventually {
      client.get("/fields", fields)?.text.contains("X-Forwarded-For: 192.0.2.7\n") == true
    }
    #expect(isTrusted, "\(client.get("/fields", fields)?.text ?? "")")
    let answer = client.get("/fields", fields)
    #expect(answer?["Server-Timing"] != nil)
    #expect(client.get("/fields", "Content-Length: 4", method: "POST")?.status == 413)
    running.send(SIGTERM)
    _ = running.wait()
  }

  @Test("several HUPs in a row: the last state is served")
  func often() throws {
    let running = serve("max-age = 1")
    let client = HTTPClient(port: try #require(running.port(), "\(running.errors)"))
    for age in 2...20 {
      rewrite("max-age = \(age)")
      running.send(SIGHUP)
    }
    #expect(eventually { client.get("/a.txt")?["Cache-Control"] == "max-age=20, public" })
  }

  @Test("a reload leaks neither descriptors nor thread stacks")
  func leavings() throws {
    let running = serve("max-age = 1")
    let client = HTTPClient(port: try #require(running.port(), "\(running.errors)"))
    func reload(_ age: Int) {
      rewrite("max-age = \(age)")
      running.send(SIGHUP)
      #expect(eventually { client.get("/a.txt")?["Cache-Control"] == "max-age=\(age), public" })
    }
    for age in 2...5 { reload(age) }
    let before = (
      stacks: ProcessState.stackCount(running.pid),
      descriptors: ProcessState.descriptorCount(running.pid)
    )
    for age in 6...25 { reload(age) }
    // The last thread may not have ended yet.
    #expect(eventually { ProcessState.stackCount(running.pid) <= before.stacks + 2 })
    #expect(eventually { ProcessState.descriptorCount(running.pid) <= before.descriptors + 2 })
  }
}
