import Testing

@testable import StaticAssets

/// `Accept-Encoding`, entity tags and dates.
///
/// Goal: the grammar and the rules of RFC 9110 §12.5.3, §8.8.3, §13.1.2 and §5.6.7, by tables.
@Suite struct NegotiationTests {
  struct Weights: Sendable, Equatable {
    var identity: Int16 = 1
    var gzip: Int16 = 0
    var br: Int16 = 0
  }

  @Test(
    "weights",
    arguments: [
      ("", Weights()),
      ("gzip", Weights(gzip: 1000)),
      ("GZIP, Br", Weights(gzip: 1000, br: 1000)),
      ("x-gzip", Weights(gzip: 1000)),
      ("gzip;q=0.5, br;q=1.0", Weights(gzip: 500, br: 1000)),
      ("gzip; q=0.123 ,br ;Q=1", Weights(gzip: 123, br: 1000)),
      ("br;q=0", Weights()),
      ("br;q=0.000, *", Weights(identity: 1000, gzip: 1000)),
      ("*", Weights(identity: 1000, gzip: 1000, br: 1000)),
      ("*;q=0", Weights(identity: 0)),
      ("identity;q=0", Weights(identity: 0)),
      ("identity;q=0, br", Weights(identity: 0, br: 1000)),
      ("identity, *;q=0", Weights(identity: 1000)),
      ("identity;q=0.5, *;q=0.1", Weights(identity: 500, gzip: 100, br: 100)),
      (",, gzip ,", Weights(gzip: 1000)),
      ("deflate, compress, zstd", Weights()),
      ("br-x, x-br, brx", Weights()),
      // Malformed items are ignored; the others apply.
      ("br;q=2, gzip", Weights(gzip: 1000)),
      ("br;q=1.001, gzip", Weights(gzip: 1000)),
      ("br;q=0.1234, gzip", Weights(gzip: 1000)),
      ("br;q=, gzip", Weights(gzip: 1000)),
      ("br;q=-1, gzip", Weights(gzip: 1000)),
      ("br;level=1, gzip", Weights(gzip: 1000)),
      ("br q=1, gzip", Weights(gzip: 1000)),
      ("br;q=0.5;q=1, gzip", Weights(gzip: 1000)),
    ]
  )
  func weights(value: String, expected: Weights) {
    let bytes = Array(value.utf8)
    var wishes = AcceptEncoding()
    wishes.add(bytes.span, 0..<bytes.count)
    let found = Weights(
      identity: wishes.weight(of: .identity),
      gzip: wishes.weight(of: .gzip),
      br: wishes.weight(of: .brotli)
    )
    #expect(found == expected)
  }

  @Test(
    "If-None-Match against \"abc\"",
    arguments: [
      ("\"abc\"", true), ("W/\"abc\"", true), ("*", true), ("\"x\", \"abc\"", true),
      ("\"x\",W/\"abc\"", true), (" , \"abc\" ,", true), ("\"a,b\", \"abc\"", true),
      ("\"ab\"", false), ("\"abcd\"", false), ("abc", false), ("\"abc", false), ("", false),
      ("w/\"abc\"", false), ("\"ABC\"", false), ("\"a b\", \"abc\"", false), ("**", false),
      ("W/", false), ("W", false), ("\"", false), ("\"x\"\"abc\"", false),
      ("\"x\" \"abc\"", false), ("\"abc\"x", false), ("\"abc\" W/", false),
      ("\"abc\"\t , x", true),
    ]
  )
  func entityTags(value: String, expected: Bool) {
    let bytes = Array(value.utf8)
    let tag = Array("\"abc\"".utf8)
    let found = EntityTag.list(bytes.span, 0..<bytes.count, contains: tag.span, by: .weak)
    #expect(found == expected)
  }

  /// 2026-11-21T00:00:00Z, the reference date for two-digit years in these tests.
  static let now: Int64 = 1_795_219_200

  @Test(
    "dates",
    arguments: [
      ("Sun, 06 Nov 1994 08:49:37 GMT", Int64(784_111_777)),
      ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
      ("Sun Nov  6 08:49:37 1994", 784_111_777),
      ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
      ("Tue, 29 Feb 2000 23:59:60 GMT", 951_868_800),
      ("Monday, 09-Nov-76 00:00:00 GMT", 3_372_105_600),
      ("Wednesday, 09-Nov-77 00:00:00 GMT", 247_881_600),
      ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
      ("Sun, 06 Nov 1994 08:49:37 UTC", nil),
      ("Sun, 06 Nov 1994 08:49:37 GMT ", nil),
      ("Sun, 6 Nov 1994 08:49:37 GMT", nil),
      ("Sun, 06 nov 1994 08:49:37 GMT", nil),
      ("Sun, 06 Nov 1994 24:49:37 GMT", nil),
      ("Sun, 06 Nov 1994 08:60:37 GMT", nil),
      ("Sun, 06 Nov 1994 08:49:61 GMT", nil),
      ("Sun, 31 Nov 1994 08:49:37 GMT", nil),
      ("Mon, 29 Feb 1900 00:00:00 GMT", nil),
      ("Sun, 00 Nov 1994 08:49:37 GMT", nil),
      ("06 Nov 1994 08:49:37 GMT", nil),
      ("Sun, 06 Nov 94 08:49:37 GMT", nil),
      ("Xyz, 06 Nov 1994 08:49:37 GMT", nil),
      ("784111777", nil), ("", nil), ("Sun", nil), ("Su", nil), ("Sun,", nil),
    ]
  )
  func dates(text: String, expected: Int64?) {
    let bytes = Array(text.utf8)
    let found = HTTPDate.parse(bytes.span, 0..<bytes.count, now: Self.now)
    #expect(found == expected)
  }

  @Test("parsing a formatted date gives the original")
  func dateRoundTrip() {
    for seconds in stride(from: Int64(-62_167_219_200), to: 253_402_300_800, by: 86_399 * 97) {
      let date = HTTPDate.format(seconds)
      let bytes = date.indices.map { date[$0] }
      let found = HTTPDate.parse(bytes.span, 0..<bytes.count, now: Self.now)
      #expect(found == seconds)
    }
  }

  @Test(
    "a time outside of the years of the format is the first or the last one",
    arguments: [
      (Int64.min, "Sat, 01 Jan 0000 00:00:00 GMT"),
      (-62_167_219_201, "Sat, 01 Jan 0000 00:00:00 GMT"),
      (253_402_300_800, "Fri, 31 Dec 9999 23:59:59 GMT"), (.max, "Fri, 31 Dec 9999 23:59:59 GMT"),
    ] as [(Int64, String)]
  )
  func impossibleDates(seconds: Int64, expected: String) {
    #expect(PlainResponse.date(at: seconds) == expected)
  }

  @Test(
    "media types",
    arguments: [
      ("a/b.css", "text/css; charset=\"utf-8\""), ("A.CSS", "text/css; charset=\"utf-8\""),
      ("x.js", "text/javascript; charset=\"utf-8\""),
      ("x.mjs", "text/javascript; charset=\"utf-8\""),
      ("x.json", "application/json"), ("x.js.map", "application/json"), ("x.svg", "image/svg+xml"),
      ("x.woff2", "font/woff2"), ("x.woff", "font/woff"), ("x.wasm", "application/wasm"),
      ("apple-app-site-association", "application/json"), ("noext", "application/octet-stream"),
      ("a.css/noext", "application/octet-stream"), ("trail.", "application/octet-stream"),
      (".css", "text/css; charset=\"utf-8\""), ("x.unknown", "application/octet-stream"),
    ]
  )
  func mediaTypes(name: String, expected: String) {
    #expect(MediaType.contentType(ofFileNamed: Array(name.utf8)) == expected)
  }
}
