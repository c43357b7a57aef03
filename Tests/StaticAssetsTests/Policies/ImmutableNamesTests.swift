import TestSupport
import Testing

@testable import StaticAssets

/// Names that contain a hash of the content.
///
/// Goal: the names of bundlers match; names chosen by people do not.
@Suite struct ImmutableNamesTests {
  private func isImmutable(_ path: String, _ names: ImmutableNames) -> Bool {
    let name = BytePath(path)
    return ImmutableNameMatcher(names).matches(name, PythonCharacters.of(name.bytes))
  }

  @Test(
    "Vite's names",
    arguments: [
      "assets/index-BKd3QVhN.js", "assets/index-BKd3QVhN.js.map", "assets/index-Bx8l2_aQ.css",
      "assets/logo-C-x_9Qa-.svg", "app/assets/index-legacy-DiwrgTda.js",
      "assets/a.b-D4h5KpZ1.woff2",
      "assets/vendor-1a2b3c4d.js", "assets/d/e-BKd3QVhN.js",
    ]
  )
  func vite(path: String) { #expect(isImmutable(path, .vite)) }

  @Test(
    "names that Vite does not generate",
    arguments: [
      "index-BKd3QVhN.js", "myassets/index-BKd3QVhN.js", "assets/index-BKd3QVh.js",
      "assets/index-BKd3QVhNx.js", "assets/index.BKd3QVhN.js", "assets/-BKd3QVhN.js",
      "assets/BKd3QVhN.js", "assets/index-BKd3QVhN", "assets/my-document.pdf",
      "assets/my-Document.pdf", "assets/app-settings.js", "assets/x-SETTINGS.js",
      "assets/logo-1024x768.png", "assets/report-20240101.pdf", "assets/x-chapter1.html",
      "assets/x-Chapter1.html", "assets/x-someName.js", "assets/x-BKd3QV+N.js",
      "assets/index-BKd3QVhN/a.js", "assets", "",
    ]
  )
  func notVite(path: String) { #expect(!isImmutable(path, .vite)) }

  @Test(
    "webpack's names",
    arguments: [
      "main.8f3d2c1a9b7e6f5d4c3b.js", "js/453.ab12cd34.chunk.js", "main.8f3d2c1a.css",
      "8f3d2c1a9b7e6f5d4c3b.png", "img/8f3d2c1a9b7e6f5d.svg", "a.b.0123456789abcdef.js.map",
      "runtime.0123456789abcdef0123456789abcdef.js",
    ]
  )
  func webpack(path: String) { #expect(isImmutable(path, .webpack)) }

  @Test(
    "names that webpack does not generate",
    arguments: [
      "main.js", "main.8f3d2c1.js", "report.20240101.pdf", "a.deadbeef.js", "a.8F3D2C1A.js",
      "a.8f3d2c1g.js", "jquery-3.7.1.min.js", "8f3d2c1a.png", "8f3d2c1a9b7e6f5d4c3b",
      "main-8f3d2c1a9b7e6f5d4c3b.js", "x.8f3d2c1a", "d.8f3d2c1a.x/main.js", "a..js", "",
      "f47ac10b-58cc-4372-a567-0e02b2c3d479.png",
    ]
  )
  func notWebpack(path: String) { #expect(!isImmutable(path, .webpack)) }

  @Test(
    "Cache-Control by rules",
    arguments: [
      ("plain.txt", "max-age=0, public"), ("d/page.html", "max-age=5, public"),
      ("special.html", "max-age=7, public"),
      ("build/a.js", "max-age=315360000, public, immutable"),
      ("build/page.html", "max-age=315360000, public, immutable"),
      ("assets/index-BKd3QVhN.js", "max-age=315360000, public, immutable"),
    ]
  )
  func cacheControl(path: String, expected: String) throws {
    let directory = TemporaryDirectory()
    directory.write("x", to: path)
    var options = FileTable.Options(maxAge: .seconds(0))
    options.maxAges = [
      MaxAgeRule(glob: "*.html", maxAge: .seconds(5)),
      MaxAgeRule(glob: "special.*", maxAge: .seconds(7)),
    ]
    options.immutableNames = [.glob("build/*"), .vite]
    let table = try FileTable(root: directory.path, options: options)
    #expect(table.ask("/static/\(path)")?.fields["Cache-Control"] == expected)
  }
}
