import TestSupport
import Testing

@testable import StaticAssets

/// The operator's media types.
@Suite struct MediaTypeTests {
  @Test(
    "whole names override extensions, the operator's types override ours",
    arguments: [
      ("a.md", "text/x-md; charset=\"utf-8\""), ("A.MD", "text/x-md; charset=\"utf-8\""),
      ("d/readme.md", "application/x-readme"), ("LICENSE", "text/plain; charset=\"utf-8\""),
      ("a.latin", "text/plain; charset=iso-8859-1"), ("a.css", "text/css; charset=\"utf-8\""),
      ("crossdomain.xml", "text/x-cross-domain-policy; charset=\"utf-8\""),
      ("a.xml", "application/xml"), ("md", "text/x-md; charset=\"utf-8\""),
      ("a.unknown", "application/octet-stream"),
    ]
  )
  func contentType(name: String, expected: String) throws {
    let directory = TemporaryDirectory()
    directory.write("x", to: name)
    var options = FileTable.Options()
    options.mediaTypes = [
      "md": "text/x-md", "README.md": "application/x-readme", "license": "text/plain",
      "latin": "text/plain; charset=iso-8859-1", "xml": "application/xml",
    ]
    let table = try FileTable(root: directory.path, options: options)
    #expect(table.ask("/static/\(name)")?.fields["Content-Type"] == expected)
  }

  @Test(
    "valid and invalid types",
    arguments: [
      ("text/plain", true), ("application/vnd.x+json", true), ("text/plain; charset=utf-8", true),
      ("", false), ("text", false), ("text/", false), ("/plain", false), ("a/b/c", false),
      ("a b/c", false), ("a/b\r\nX: y", false), ("a/b; x=\n", false), ("a/\u{2713}", false),
    ]
  )
  func wellFormed(text: String, expected: Bool) {
    #expect(MediaType.isWellFormed(text) == expected)
  }

  @Test("compressed SVG is labelled as such for every client, and is not compressed again")
  func svgz() throws {
    let directory = TemporaryDirectory()
    directory.write(String(repeating: "x", count: 100), to: "a.svgz")
    directory.write("b", to: "a.svgz.br")
    directory.write("B", to: "B.SVGZ")
    let table = try FileTable(root: directory.path)
    for field in ["X: y", "Accept-Encoding: identity", "Accept-Encoding: br"] {
      let answer = try #require(table.ask("/static/a.svgz", field))
      #expect(answer.fields["Content-Type"] == "image/svg+xml")
      #expect(answer.fields["Content-Encoding"] == "gzip")
      #expect(answer.fields["Vary"] == nil)
      #expect(answer.fields["Content-Length"] == "100")
    }
    #expect(table.ask("/static/B.SVGZ")?.fields["Content-Encoding"] == "gzip")
  }
}
