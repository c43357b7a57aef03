import Foundation
import TestSupport
import Testing

/// Django's admin in headless Chromium, with all static files from another origin: `staticd`.
@Suite struct BrowserTests {
  /// The output of `Site/browser.py`.
  private struct Report: Decodable {
    let visits: [[Load]]
    let errors: [String]
  }

  private struct Load: Decodable {
    let url: String
    let status: Int
    let encoding: String
    let cached: Bool
  }

  @Test("the first visit loads brotli, the second nothing: the server has been stopped by then")
  func adminLogin() throws {
    let chromium = try Command.fixture("/usr/lib/chromium/chromium")
    let python = try Command.fixture("django/bin/python")
    let admin = try Command.fixture("wheels/django/contrib/admin/static")
    let root = TemporaryDirectory()
    let result = Command.staticd("collect", admin, "--root", root.path)
    #expect(result.status == 0, "\(result.errors)")
    let server = RunningServer("--root", root.path)
    let origin = "http://127.0.0.1:\(server.port)"
    let site = RunningProgram(
      [python, "admin_site.py", root.path, "\(origin)/static/"],
      directory: Site.path
    )
    let browser = Command.run([
      "timeout", "300", "python3", "\(Site.path)/browser.py", chromium,
      "http://127.0.0.1:\(site.port)/admin/login/", "\(server.pid)",
    ])
    #expect(browser.status == 0, "\(browser.errors)")
    let report = try JSONDecoder().decode(Report.self, from: Data(browser.output.utf8))
    #expect(report.errors.isEmpty)
    #expect(report.visits.count == 2)
    for (index, visit) in report.visits.enumerated() {
      let assets = visit.filter { $0.url.hasPrefix(origin) }
      let text = assets.filter { $0.url.hasSuffix(".css") || $0.url.hasSuffix(".js") }
      #expect(text.count >= 7)
      for load in assets { #expect(load.status == 200 && load.cached == (index == 1), "\(load)") }
      for load in text { #expect(load.encoding == "br", "\(load)") }
    }
  }
}
