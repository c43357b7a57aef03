import Foundation
import TestSupport
import Testing

/// Three releases of a script in headless Chromium: the responses to a returning visitor.
@Suite struct DeltaBrowserTests {
  /// The output of `Site/deltas.py`.
  private struct Visit: Decodable {
    let `case`: String
    let status: Int
    let encoding: String
    let bytes: Double
    let release: Int?
    let errors: [String]
  }

  /// The required coding of each case, nil where the browser decides, and the release it must
  /// execute.
  private static let expected: [(name: String, encoding: String?, release: Int)] = [
    ("first visit", "br", 1),
    ("second release, with integrity", "dcz", 2),
    ("another origin, with crossorigin", "dcz", 2),
    ("another origin, without crossorigin", "br", 2),
    ("cache cleared", "br", 2),
    ("site data cleared", nil, 2),
    ("third release", "dcz", 3),
    ("hard reload", nil, 3),
    ("skips a release", "dcz", 3),
    ("private window", "br", 3),
  ]

  @Test(
    "a returning visitor loads a delta, every other one brotli, and all execute the current release"
  )
  func releases() throws {
    let chromium = try Command.fixture("/usr/lib/chromium/chromium")
    let admin = try Command.fixture("wheels/django/contrib/admin/static/admin")
    let result = Command.run([
      "timeout", "300", "python3", "\(Site.path)/deltas.py", Command.staticd, chromium,
      "\(admin)/js/vendor/jquery/jquery.js",
    ])
    #expect(result.status == 0, "\(result.errors)")
    let visits = try JSONDecoder().decode([Visit].self, from: Data(result.output.utf8))
    #expect(visits.map(\.case) == Self.expected.map(\.name))
    let whole = try #require(visits.first).bytes
    for (visit, expected) in zip(visits, Self.expected) {
      #expect(visit.status == 200 && visit.release == expected.release, "\(visit)")
      #expect(visit.errors.isEmpty, "\(visit)")
      if let encoding = expected.encoding { #expect(visit.encoding == encoding, "\(visit)") }
      switch visit.encoding {
      case "dcz": #expect(visit.bytes < whole / 20, "\(visit)")
      default: #expect(visit.bytes > whole / 2, "\(visit)")
      }
    }
  }
}
