import Foundation
import TestSupport
import Testing

/// The hand-written reference, compared with the program.
///
/// Goal: it names everything that the program reports. Method: the metrics of a server with an app,
/// which have every failure's reason as a label, and the members of a log line.
@Suite struct DocumentationTests {
  private let site = TemporaryDirectory()

  private static func page(_ name: String) throws -> String {
    let reference = "\(Site.path)/../../../Sources/staticd/staticd.docc/Reference"
    return try String(contentsOfFile: "\(reference)/\(name).md", encoding: .utf8)
  }

  /// The text of `/metrics` of a server in front of an app that does not run.
  private func metrics() throws -> String {
    site.write("a {}\n", to: "public/a.css")
    let admin = site.path("admin.sock")
    let server = RunningServer(
      [
        "--public", site.path("public"), "--upstream", "unix:\(site.path("app.sock"))",
        "--admin", "unix:\(admin)", "--access-log", "off",
      ]
    )
    #expect(eventually { server.errors.contains("Admin pages at") })
    let result = Command.run(["curl", "-s", "--unix-socket", admin, "http://localhost/metrics"])
    #expect(result.status == 0, "\(result.errors)")
    return result.output
  }

  @Test("the page of metrics has each metric, and that of the log each reason")
  func names() throws {
    let (metrics, log) = (try Self.page("Metrics"), try Self.page("LogFields"))
    let text = try self.metrics()
    let lines = text.split(separator: "\n")
    let names = lines.filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
    #expect(names.count > 30)
    for name in names { #expect(metrics.contains("`\(name)`"), "\(name)") }
    let failures = lines.filter { $0.hasPrefix("staticd_http_failures_total{") }
    #expect(failures.count > 30)
    for line in failures {
      let reason = line.split(separator: "\"")[1]
      #expect(log.contains("\n| `\(reason)` |"), "\(reason)")
    }
  }

  @Test("the page of the log has each member of a line")
  func members() throws {
    let log = try Self.page("LogFields")
    site.write("a {}\n", to: "public/a.css")
    let file = site.path("access.log")
    let server = RunningServer(["--public", site.path("public"), "--access-log-file", file])
    #expect(
      HTTPClient(port: server.port).get("/a.css", "Referer: x", "User-Agent: y")?.status == 200
    )
    #expect(eventually { site.text("access.log")?.contains("\n") ?? false })
    let line = Data(try #require(site.text("access.log")).utf8)
    let entry = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
    #expect(entry.count > 10)
    for name in entry.keys { #expect(log.contains("`\(name)`"), "\(name)") }
  }
}
