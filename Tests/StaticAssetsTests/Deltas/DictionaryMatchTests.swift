import Testing

@testable import StaticAssets

/// The URL pattern for which a file is offered as a dictionary.
///
/// Goal: the pattern matches the same file with another hash, and special characters cannot widen
/// it.
@Suite struct DictionaryMatchTests {
  private func field(_ path: String, _ type: String = "text/javascript") -> String? {
    DictionaryMatch.fieldValue(Array(path.utf8), type: Array(type.utf8)).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  @Test(
    "the hash is replaced by a star",
    arguments: [
      ("/static/js/app.5d41402abc4b.js", "/static/js/app.*.js"),
      ("/static/js/app.min.5d41402abc4b.js", "/static/js/app.min.*.js"),
      ("/app.000000000000.js", "/app.*.js"),
      ("/s/LICENSE.5d41402abc4b", "/s/LICENSE.*"),
      // A bundler's hash before Django's.
      ("/s/main.8f3d2c1a9b7e6f5d4c3b.5d41402abc4b.js", "/s/main.*.js"),
      ("/s/4711.8f3d2c1a.chunk.5d41402abc4b.js", "/s/4711.*.chunk.*.js"),
      ("/s/assets/index-BKd3QVhN.5d41402abc4b.js", "/s/assets/index-*.js"),
      // Vite's and Rollup's hashes, with a hyphen in them and between dots.
      ("/s/assets/index-B-kexwwD.5d41402abc4b.js", "/s/assets/index-*.js"),
      ("/s/assets/index-BKd3QVhN-legacy.5d41402abc4b.js", "/s/assets/index-*-legacy.*.js"),
      ("/s/js/FileHelper.DKt6tIeO.5d41402abc4b.js", "/s/js/FileHelper.*.js"),
      ("/s/js/base-input.C-jY39rj.5d41402abc4b.js", "/s/js/base-input.*.js"),
      ("/s/js/mergeWith.-RIuUGoA.js", "/s/js/mergeWith.*.js"),
      ("/s/css/es6._eGNfJ2i.css", "/s/css/es6.*.css"),
      // A bundler's hash alone.
      ("/s/main.8f3d2c1a9b7e6f5d4c3b.js", "/s/main.*.js"),
      // Words, versions and dates are not hashes.
      ("/s/jquery-3.7.1.min.5d41402abc4b.js", "/s/jquery-3.7.1.min.*.js"),
      ("/s/news-20240101.5d41402abc4b.js", "/s/news-20240101.*.js"),
      ("/s/widgets-mainMenu.5d41402abc4b.js", "/s/widgets-mainMenu.*.js"),
      ("/s/jquery.settings.5d41402abc4b.js", "/s/jquery.settings.*.js"),
      ("/s/jquery.Settings.5d41402abc4b.js", "/s/jquery.Settings.*.js"),
      ("/s/jquery.DataView.5d41402abc4b.js", "/s/jquery.DataView.*.js"),
      ("/s/jquery-3.0.0-alpha1.5d41402abc4b.js", "/s/jquery-3.0.0-alpha1.*.js"),
      ("/s/part-01-of-10.5d41402abc4b.js", "/s/part-01-of-10.*.js"),
      ("/s/news-24-01-15.5d41402abc4b.js", "/s/news-24-01-15.*.js"),
      ("/s/x.2021-5-1.5d41402abc4b.js", "/s/x.2021-5-1.*.js"),
      ("/s/x.v1_2_3_4.5d41402abc4b.js", "/s/x.v1_2_3_4.*.js"),
      ("/s/messages-en-us-v2.5d41402abc4b.js", "/s/messages-en-us-v2.*.js"),
      ("/s/three-in-a-row.5d41402abc4b.js", "/s/three-in-a-row.*.js"),
      // Empty parts.
      ("/s/a..b.5d41402abc4b.js", "/s/a..b.*.js"),
      ("/s/.x.js", "none"), ("/s/...", "none"), ("/s/-.-", "none"),
      ("/s/a.B5TWFN5r", "none"),
      // URL Pattern and structured strings have special characters.
      ("/s/a*b(c).5d41402abc4b.js", #"/s/a\\*b\\(c\\).*.js"#),
      ("/s/a+b?c{d}:e\\f\"g.5d41402abc4b.js", "/s/a%2Bb%3Fc%7Bd%7D%3Ae%5Cf%22g.*.js"),
      ("/s/ü b.5d41402abc4b.js", "/s/%C3%BC%20b.*.js"),
      ("/s/a%20b.5d41402abc4b.js", "/s/a%2520b.*.js"),
    ]
  )
  func pattern(row: (path: String, match: String)) {
    #expect(field(row.path) == (row.match == "none" ? nil : "match=\"\(row.match)\""))
  }

  @Test("a style sheet's pattern has the style destination")
  func styleSheet() {
    let value = field("/s/a.5d41402abc4b.css", "text/css; charset=\"utf-8\"")
    #expect(value == "match=\"/s/a.*.css\", match-dest=(\"style\")")
  }

  @Test(
    "no pattern that would match a directory, and none without a hash",
    arguments: ["/s/5d41402abc4b.js", "/s/app.js", "/s/app", "/s/", "/", "/s/5d41402abc4b"]
  )
  func none(path: String) {
    #expect(field(path) == nil)
  }
}
