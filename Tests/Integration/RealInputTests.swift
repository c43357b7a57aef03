import Foundation
import TestSupport
import Testing

/// Django's own static files, from its wheels on PyPI, and Django itself as the consumer of the
/// result.
///
/// Run by `scripts/test`, which downloads the wheels and creates the Python environment.
@Suite struct RealInputTests {
  struct Golden: Sendable, CustomTestStringConvertible {
    let directory: String
    let fileCount: Int
    let hash: String
    let manifestByteCount: Int
    let manifestDigest: String
    let treeDigest: String
    var testDescription: String { directory }
  }

  /// The results of Django 6.1.3's collectstatic for these directories.
  static let golden = [
    Golden(
      directory: "django/contrib/admin/static",
      fileCount: 130,
      hash: "60084e6406ba",
      manifestByteCount: 10603,
      manifestDigest: "919aa96bf1298997",
      treeDigest: "c3ce13bf22b0f09c"
    ),
    Golden(
      directory: "rest_framework/static",
      fileCount: 36,
      hash: "818c7264b88d",
      manifestByteCount: 3657,
      manifestDigest: "518bac1eeb0151da",
      treeDigest: "a356b3a623f10775"
    ),
    Golden(
      directory: "debug_toolbar/static",
      fileCount: 7,
      hash: "bf79b1442b37",
      manifestByteCount: 576,
      manifestDigest: "7b83852d37f7f7ce",
      treeDigest: "dbd6505e7e4e7744"
    ),
  ]

  @Test("the bytes are those of Django", arguments: golden)
  func equalsDjango(golden: Golden) throws {
    let source = try Command.fixture("wheels/\(golden.directory)")
    let root = TemporaryDirectory()
    let result = Command.staticd("collect", source, "--root", root.path, "--formats", "none")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.hasPrefix("\(golden.fileCount) static files copied to '\(root.path)'"))
    let manifest = try #require(root.text("staticfiles.json"))
    #expect(manifest.utf8.count == golden.manifestByteCount)
    #expect(manifest.hasSuffix("\"hash\": \"\(golden.hash)\"}"))
    #expect(sha256(Array(manifest.utf8)).hasPrefix(golden.manifestDigest))
    #expect(root.files().count == 2 * golden.fileCount + 2)
    #expect(treeDigest(root).hasPrefix(golden.treeDigest))
  }

  @Test("a page of a real Django loads everything from the server, immutable and compressed")
  func djangoPage() throws {
    let python = try Command.fixture("django/bin/python")
    let root = TemporaryDirectory()
    let result = Command.staticd(
      "collect",
      try Command.fixture("wheels/django/contrib/admin/static"),
      try Command.fixture("wheels/rest_framework/static"),
      "--root",
      root.path
    )
    #expect(result.status == 0, "\(result.errors)")
    let names = [
      "admin/css/base.css", "admin/css/login.css", "admin/css/forms.css", "admin/js/core.js",
      "admin/css/responsive.css", "admin/img/icon-yes.svg", "rest_framework/css/bootstrap.min.css",
      "rest_framework/css/font-awesome-4.0.3.css", "rest_framework/js/default.js",
    ]
    let page = Command.run(
      [python, "\(Site.path)/render.py", root.path] + names
    )
    #expect(page.status == 0, "\(page.errors)")
    var urls = page.output.split(separator: "\"").map(String.init).filter { $0.hasPrefix("/") }
    #expect(urls.count == names.count)

    let server = RunningServer("--root", root.path)
    let client = HTTPClient(port: server.port)
    var seen: Set<String> = []
    while let url = urls.popLast() {
      guard seen.insert(url).inserted else { continue }
      let plain = try #require(client.get(url))
      #expect(plain.status == 200, "\(url)")
      #expect(plain["Cache-Control"]?.hasSuffix("immutable") == true, "\(url)")
      let coded = try #require(client.get(url, "Accept-Encoding: gzip, br"))
      if coded["Content-Encoding"] == "br" {
        #expect(try decodeBrotli(coded.body) == plain.body, "\(url)")
        #expect(coded["ETag"] != plain["ETag"])
      } else {
        // Fonts and images are not compressed, nor are files that would not get smaller.
        #expect(coded["Content-Encoding"] == nil)
        #expect(plain["Content-Type"]?.hasPrefix("text/") == false, "\(url)")
      }
      if url.hasSuffix(".css") { urls += references(in: plain.text, at: url) }
    }
    #expect(seen.count > names.count + 5)
  }

  /// The URLs of `url("…")` in a style sheet, absolute.
  private func references(in text: String, at url: String) -> [String] {
    let parts = text.components(separatedBy: "url(\"").dropFirst()
    return parts.compactMap { part in
      let reference = part.prefix { $0 != "\"" }
      guard !reference.hasPrefix("data:") else { return nil }
      return URL(string: String(reference), relativeTo: URL(string: "http://x\(url)"))?.path
    }
  }

  private func decodeBrotli(_ bytes: [UInt8]) throws -> [UInt8] {
    let directory = TemporaryDirectory()
    let file = directory.write(bytes, to: "body.br")
    let result = Command.run(["brotli", "-d", file])
    #expect(result.status == 0, "\(result.errors)")
    return try #require(directory.read("body"))
  }

  /// The first digest of a root: of the sorted lines `name NUL sha256(content) LF`.
  private func treeDigest(_ root: TemporaryDirectory) -> String {
    let manifests = ["staticfiles.json", "staticd.json"]
    var text: [UInt8] = []
    let names = root.files().filter { !manifests.contains($0) }
    for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      text += Array(name.utf8) + [0] + Array(sha256(root.read(name) ?? []).utf8) + [0x0A]
    }
    return sha256(text)
  }

  private func sha256(_ bytes: [UInt8]) -> String {
    let directory = TemporaryDirectory()
    let result = Command.run(["sha256sum", directory.write(bytes, to: "x")])
    return String(result.output.prefix(64))
  }
}
