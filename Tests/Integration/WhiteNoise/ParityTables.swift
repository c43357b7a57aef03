/// The requests sent to both servers.
///
/// Each row names the differences that it may show.
enum ParityTables {
  struct Row: Sendable {
    let text: String
    let differences: [Difference]

    init(_ text: String, _ differences: Difference...) {
      self.text = text
      self.differences = differences
    }
  }

  /// Paths below the prefix, as sent.
  ///
  /// `HASHED(name)` stands for the hashed name.
  static let paths: [Row] = [
    Row("HASHED(admin/css/base.css)"), Row("admin/css/base.css"), Row("admin/css%2Fb%61se.css"),
    Row("admin/css/base.css?v=1"), Row("HASHED(admin/js/core.js)"),
    Row("HASHED(admin/img/icon-yes.svg)"), Row("admin/css/base.css.br"),
    Row("odd/noext"), Row("HASHED(odd/noext)", .extensionless),
    Row("odd/unknown.qqq"), Row("odd/UPPER.CSS"), Row("HASHED(odd/UPPER.CSS)"),
    Row("odd/with%20space.txt"), Row("odd/100%25.txt"), Row("odd/100%.txt", .targets),
    Row("odd/gr%C3%B6%C3%9Fe.txt"), Row("odd/empty.css"),
    Row("odd/one.txt"), Row("odd/large.bin"), Row("odd/font.woff", .mediaTypes),
    Row("odd/a.map", .mediaTypes), Row("odd/page.html"), Row("odd/lookalike.0123456789ab.css"),
    Row("odd/worse.txt", .unusedVariants), Row("odd/same.txt", .equalSizes),
    Row("odd/only.txt"), Row("odd/bundle.tar", .mediaTypes), Row("odd/bundle.tar.gz"),
    Row(".well-known/security.txt"), Row(".hidden", .privateFiles),
    Row("staticfiles.json", .privateFiles), Row("staticd.json", .privateFiles),
    Row("odd/out.txt", .privateFiles), Row("odd/noext#part", .targets),
    Row(""), Row("odd"), Row("odd/"), Row("none.css"), Row("odd//noext"), Row("./odd/noext"),
    Row("odd/../odd/noext"), Row("..%2Fetc/passwd"), Row("odd/%FF"), Row("odd/%00"),
    Row("ODD/noext"),
  ]

  static let methods: [Row] = [
    Row("GET"), Row("HEAD"), Row("POST", .options), Row("PROPFIND", .options),
    Row("OPTIONS", .options),
  ]

  /// Values of `Accept-Encoding`.
  static let wishes: [Row] = [
    Row(""), Row("gzip"), Row("br"), Row("gzip, deflate, br"), Row("gzip, deflate, br, zstd"),
    Row("deflate"), Row("identity"), Row("x-gzip"), Row("gzip;q=1.0, br;q=0.5", .qualityValues),
    Row("gzip;q=0", .qualityValues), Row("br;q=0, gzip", .qualityValues),
    Row("br;q=0.001, identity;q=0.5", .qualityValues), Row("identity;q=0", .wildcard),
    Row("*", .wildcard), Row("*;q=0"), Row("gzip, *;q=0"), Row("identity, *;q=0.1"),
    Row("GZIP", .codingNames), Row("br-x", .codingNames),
  ]

  /// Files for which `conditions` are sent, in identity and in brotli.
  static let conditionalPaths: [Row] = [
    Row("HASHED(admin/css/base.css)"), Row("odd/noext"), Row("odd/large.bin"),
    Row("odd/one.txt", .oneByteRanges), Row("odd/empty.css"),
  ]

  /// Field lines; TAG and DATE are the server's own for the same file and coding.
  static let conditions: [Row] = [
    Row("If-None-Match: TAG"), Row("If-None-Match: \"x\""),
    Row("If-None-Match: W/TAG", .entityTagLists), Row("If-None-Match: *", .entityTagLists),
    Row("If-None-Match: \"a\", TAG", .entityTagLists), Row("If-None-Match: a"),
    Row("If-None-Match: \"x\"\r\nIf-Modified-Since: DATE"),
    Row("If-None-Match: TAG\r\nRange: bytes=0-9"),
    Row("If-Modified-Since: DATE"), Row("If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"),
    Row("If-Modified-Since: Mon, 01 Jan 2001 00:00:00 GMT"), Row("If-Modified-Since: yesterday"),
    Row("If-Modified-Since: 01 Jan 2100 00:00:00 GMT", .dates),
    Row("If-Modified-Since: Fri, 01 Jan 2100 00:00:00", .dates),
    Row("If-Modified-Since: Fri, 01 Jan 2100 00:00:00 +0500", .dates),
    Row("If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT"),
    Row("If-Modified-Since: Sun Nov  6 08:49:37 1994"),
    Row("If-Match: TAG"), Row("If-Match: \"x\"", .preconditions), Row("If-Match: *"),
    Row("If-Unmodified-Since: Fri, 01 Jan 2100 00:00:00 GMT"),
    Row("If-Unmodified-Since: Mon, 01 Jan 2001 00:00:00 GMT", .preconditions),
    Row("Range: bytes=0-9"), Row("Range: bytes=5-"), Row("Range: bytes=-5"),
    Row("Range: bytes=0-99999999"), Row("Range: bytes=-99999999"), Row("Range: bytes=99999999-"),
    Row("Range: bytes=0-0", .oneByteRanges), Row("Range: bytes=-1", .oneByteRanges),
    Row("Range: bytes=0-1,3-4", .severalRanges), Row("Range: bytes=0-9,", .severalRanges),
    Row("Range: bytes=0-0,-1", .severalRanges),
    Row("Range: bytes=99999998-,99999999-", .severalRanges),
    Row("Range: bytes=5-4", .malformedRanges), Row("Range: bytes=-0", .malformedRanges),
    Row("Range: bytes=+1-9", .malformedRanges), Row("Range: bytes=0-1_0", .malformedRanges),
    Row("Range: bytes=0 -9", .malformedRanges), Row("Range: bytes="), Row("Range: bytes=-"),
    Row("Range: bytes=a-b"), Row("Range: lines=0-9"), Row("Range: bytes =0-9"),
    Row("Range: Bytes=0-9", .rangeUnits), Row("Range: bytes=0-9\r\nIf-Range: TAG"),
    Row("Range: bytes=0-9\r\nIf-Range: \"x\"", .preconditions),
    Row("Range: bytes=0-9\r\nIf-Range: Mon, 01 Jan 2001 00:00:00 GMT", .preconditions),
  ]

  /// The same for HEAD.
  static let headConditions: [Row] = [
    Row("If-None-Match: TAG"), Row("If-Modified-Since: DATE"),
    Row("If-Match: \"x\"", .preconditions), Row("Range: bytes=0-9", .rangesOfHead),
    Row("Range: bytes=99999999-", .rangesOfHead),
  ]
}
