import Foundation
import TestSupport
import Testing

/// The rows of `HostileRequest` before a real gunicorn.
///
/// Goal: gunicorn, which parses some of them differently, gets no additional request, and nothing
/// forged in its environment. Method: its application records each call in a file.
@Suite struct HostileGunicornTests {
  private let directory = TemporaryDirectory()

  @Test("the requests that gunicorn receives", arguments: ["sync", "gthread"])
  func rows(workerClass: String) throws {
    let program = try Command.fixture("django/bin/gunicorn")
    directory.write("a file", to: "static/a.txt")
    let record = directory.write("", to: "calls")
    let gunicorn = RunningProgram(
      [
        program, "--chdir", Site.path, "--bind", "127.0.0.1:0",
        "--worker-class", workerClass, "--threads", workerClass == "sync" ? "1" : "2", "--env",
        "RECORD=\(record)", "wsgi_app:record",
      ],
      directory: directory.path
    )
    let staticd = RunningProgram(
      [
        Command.staticd, "serve", "--root", directory.path("static"), "--listen", "127.0.0.1:0",
        "--upstream", "127.0.0.1:\(gunicorn.port)", "--access-log", "off",
        // The row's client shuts down its side after the request, so that its connection ends.
        "--half-closed-clients", "wait",
      ],
      directory: directory.path
    )
    var known = 0
    for row in HostileRequest.all {
      let client = HTTPClient(port: staticd.port)
      client.send(row.bytes)
      client.finish()
      _ = client.rest()
      #expect(HTTPClient(port: staticd.port).get("/after")?.text == "/after", "\(row.name)")
      let calls = (directory.text("calls") ?? "").split(separator: "\n")
      let new = calls[known...]
      known = calls.count
      let count = if case .forwarded(let count) = row.outcome { count } else { 0 }
      #expect(new.count == count + 1, "\(row.name): \(new)")
      for call in new {
        #expect(!call.contains(HostileRequest.mark), "\(row.name): \(call)")
        #expect(call.contains("\"wsgi.url_scheme\": \"http\""), "\(row.name): \(call)")
        #expect(call.contains("\"SCRIPT_NAME\": \"\""), "\(row.name): \(call)")
        #expect(call.contains("\"HTTP_X_FORWARDED_FOR\": \"127.0.0.1\""), "\(row.name): \(call)")
      }
    }
    withExtendedLifetime(gunicorn) {}
  }
}
