import Testing

@testable import StaticAssets

/// The capabilities of a media type in a browser.
@Suite struct ActiveContentTests {
  static let rows: [(type: String, expected: ActiveContent)] = [
    ("image/png", .none), ("image/jpeg", .none), ("video/mp4", .none), ("audio/mpeg", .none),
    ("font/woff2", .none), ("text/plain; charset=\"utf-8\"", .none), ("text/css", .none),
    ("application/json", .none), ("application/ld+json", .none), ("application/pdf", .none),
    ("application/zip", .none), ("text/markdown", .none), ("text/csv", .none),
    ("image/svg+xml", .drawing), ("IMAGE/SVG+XML; charset=utf-8", .drawing),
    ("text/html", .document), ("TEXT/HTML", .document), ("text/html;charset=utf-8", .document),
    ("text/html ; charset=utf-8", .document), ("application/xhtml+xml", .document),
    ("text/xml", .document), ("application/xml", .document), ("application/atom+xml", .document),
    ("application/vnd.google-earth.kml+xml", .document), ("text/xsl", .document),
    ("application/xslt+xml", .document), ("application/mathml+xml", .document),
    ("application/x-shockwave-flash", .document), ("application/octet-stream", .document),
    ("multipart/related", .document), ("message/rfc822", .document),
    ("text/x-component", .document),
    ("text/x-cross-domain-policy", .document), ("", .document), ("html", .document),
    ("text/javascript", .script), ("Application/JavaScript; x=y", .script),
    ("application/x-javascript", .script), ("text/ecmascript", .script), ("text/jscript", .script),
  ]

  @Test("each type", arguments: rows)
  func type(type: String, expected: ActiveContent) {
    #expect(ActiveContent(Array(type.utf8)) == expected)
  }

  @Test("every type of the built-in table that a browser may execute is made inert")
  func table() {
    for name in ["svg", "svgz"] { #expect(kind(name) == .drawing) }
    for name in [
      "htm", "html", "shtml", "xhtml", "xml", "xsl", "xslt", "atom", "rss", "mpd", "mml",
    ] {
      #expect(kind(name) == .document, "\(name)")
    }
    for name in ["js", "mjs", "cjs"] { #expect(kind(name) == .script, "\(name)") }
  }

  private func kind(_ suffix: String) -> ActiveContent {
    ActiveContent(Array(MediaType.contentType(ofFileNamed: Array("a.\(suffix)".utf8)).utf8))
  }
}
