import Foundation
import TestSupport
import Testing

/// The status page in a browser.
///
/// Goal: it is readable in light and dark, wide and narrow, without a script and without an error.
@Suite struct StatusPageTests {
  /// The output of `Site/status_page.py`.
  private struct Look: Decodable {
    let scheme: String
    let width: Int
    let errors: [String]
    let page: String
    let text: String
    let soft: String
    let card: String
    let scripts: Int
    let sections: [String]
    let overflows: Bool
  }

  @Test("in Chromium, in light and dark, wide and narrow")
  func chromium() throws {
    let chromium = try Command.fixture("/usr/lib/chromium/chromium")
    let site = TemporaryDirectory()
    site.write("hello", to: "a.txt")
    let server = RunningServer("--public", site.path, "--admin", "127.0.0.1:0")
    #expect(eventually { server.errors.contains("Admin pages at http://127.0.0.1:") })
    let rest = server.errors.components(separatedBy: "Admin pages at ")[1]
    let url = String(rest.prefix { !$0.isNewline })
    let result = Command.run([
      "timeout", "120", "python3", "\(Site.path)/status_page.py", chromium, url,
    ])
    #expect(result.status == 0, "\(result.errors)")
    let looks = try JSONDecoder().decode([Look].self, from: Data(result.output.utf8))
    #expect(looks.count == 4)
    for look in looks {
      #expect(look.errors.isEmpty, "\(look.errors)")
      #expect(look.scripts == 0)
      #expect(!look.overflows, "\(look.width) is too narrow")
      #expect(look.sections.starts(with: ["Requests", "Time to answer", "Connections"]))
      let isDark = try luminance(look.page) < 0.2
      #expect(isDark == (look.scheme == "dark"))
      // WCAG 2.2, 1.4.3: at least 4.5 for text.
      for colour in [look.text, look.soft] {
        #expect(try contrast(colour, look.card) >= 4.5, "\(colour) on \(look.card)")
      }
    }
  }

  private func contrast(_ first: String, _ second: String) throws -> Double {
    let values = [try luminance(first), try luminance(second)].sorted()
    return (values[1] + 0.05) / (values[0] + 0.05)
  }

  /// The relative luminance of `rgb(R, G, B)`, as WCAG defines it.
  private func luminance(_ colour: String) throws -> Double {
    let parts = colour.split { !$0.isNumber }.compactMap { Double($0) }
    try #require(parts.count == 3, "\(colour)")
    let linear = parts.map { part in
      let value = part / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }
}
