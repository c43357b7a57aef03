import Foundation
import StaticAssets
import StaticCollector
import TestSupport
import Testing

/// The options of collectstatic and ours: the resulting root and the report.
@Suite struct OutcomeTests {
  private let tree = CollectedTree()

  private func names(_ paths: [BytePath]) -> [String] { paths.map(\.description) }

  private func compressible(_ text: String = "x") -> String {
    String(repeating: "\(text) compressible ", count: 100)
  }

  /// Every name in the root with its bytes, or the target of a link.
  private func content() -> [String: String] {
    var content: [String: String] = [:]
    for name in tree.root.files() {
      let target = try? FileManager.default.destinationOfSymbolicLink(
        atPath: tree.root.path(name)
      )
      content[name] = target.map { "-> \($0)" } ?? tree.root.text(name) ?? ""
    }
    return content
  }

  @Test("clear removes everything outside of the release, and nothing behind a link")
  func clear() async throws {
    let elsewhere = TemporaryDirectory()
    elsewhere.write("mine", to: "d/keep.txt")
    elsewhere.write("mine", to: "linked/keep.txt")
    tree.source.write(compressible(), to: "a.css")
    tree.source.write("x", to: "linked/b.txt")
    for name in ["old.css", "old.css.br", ".hidden", "deep/er/x", "a.css.zst", "staticd.json~"] {
      tree.root.write("old", to: name)
    }
    tree.root.link("directory", to: elsewhere.path("d"))
    tree.root.link("file", to: elsewhere.path("d/keep.txt"))
    tree.root.link("broken", to: "nowhere")
    tree.root.link("loop", to: ".")
    // A directory of the release may be a link.
    tree.root.link("linked", to: elsewhere.path("linked"))
    let gone = [
      ".hidden", "a.css.zst", "broken", "deep/er/x", "directory", "file", "loop", "old.css",
      "old.css.br", "staticd.json~",
    ]
    let before = content()
    let pretended = try await tree.report {
      $0.codings = [.brotli]
      $0.clearsRoot = true
      $0.isDryRun = true
    }
    #expect(names(pretended.deleted) == gone)
    #expect(content() == before)

    let report = try await tree.report {
      $0.codings = [.brotli]
      $0.clearsRoot = true
    }
    #expect(names(report.deleted) == gone)
    let paths = try tree.paths()
    let hashed = try #require(paths["a.css"])
    let linked = elsewhere.files(below: "linked")
    let hashedName = String(try #require(paths["linked/b.txt"]).dropFirst("linked/".count))
    #expect(linked == ["b.txt", hashedName, "keep.txt"].sorted())
    #expect(elsewhere.text("d/keep.txt") == "mine")
    let kept = ["a.css", "a.css.br", hashed, "\(hashed).br", "staticd.json", "staticfiles.json"]
    #expect(tree.root.files().filter { !$0.hasPrefix("linked") } == kept.sorted())
    // Nothing is left to remove, and up-to-date files are not rewritten.
    let second = try await tree.report {
      $0.codings = [.brotli]
      $0.clearsRoot = true
    }
    #expect(second.deleted.isEmpty)
    #expect(second.unmodifiedCount == 2)
  }

  @Test("a release with problems clears nothing")
  func clearAndProblems() async throws {
    tree.root.write("old", to: "old.css")
    tree.source.write("url(none)", to: "a.css")
    #expect(try await tree.collect { $0.clearsRoot = true }.count == 1)
    #expect(tree.root.files() == ["old.css"])
  }

  @Test("link creates links for originals only, and switching replaces copies and links")
  func link() async throws {
    tree.source.write("@import 'b.css';\(compressible())", to: "d/a.css")
    tree.source.write("b {}", to: "d/b.css")
    let change: @Sendable (inout CollectOptions) -> Void = {
      $0.codings = [.brotli]
      $0.linksOriginals = true
    }
    _ = try await tree.report { $0.codings = [.brotli] }
    let copied = content()
    #expect(copied["d/a.css.br"] != nil)

    let report = try await tree.report(change)
    #expect(names(report.linked) == ["d/a.css", "d/b.css"])
    #expect(report.copied.isEmpty)
    let linked = content()
    #expect(linked["d/a.css"] == "-> \(tree.source.path("d/a.css"))")
    let hashed = try #require(try tree.paths()["d/a.css"])
    #expect(linked[hashed] == copied[hashed])
    #expect(linked["\(hashed).br"] != nil)
    // They would be wrong after a change of the source.
    #expect(linked["d/a.css.br"] == nil)
    #expect(linked["staticd.json"]?.contains("\"d/a.css\": {") == false)
    #expect(linked["staticd.json"]?.contains("\"\(hashed)\": {") == true)

    let second = try await tree.report(change)
    #expect(names(second.unmodified) == ["d/a.css", "d/b.css"])
    #expect(second.linked.isEmpty)
    #expect(content() == linked)
    _ = try await tree.report { $0.codings = [.brotli] }
    #expect(content() == copied)
    #expect(tree.source.text("d/b.css") == "b {}")
  }

  @Test("a link in the root is replaced, and its target stays")
  func linkInRoot() async throws {
    let elsewhere = TemporaryDirectory()
    elsewhere.write("mine", to: "keep.txt")
    tree.source.write("new", to: "a.txt")
    tree.root.link("a.txt", to: elsewhere.path("keep.txt"))
    #expect(try await tree.report().copiedCount == 1)
    #expect(content()["a.txt"] == "new")
    #expect(elsewhere.text("keep.txt") == "mine")
  }

  @Test("a dry run finds every problem, reports the actions, and writes nothing")
  func dryRun() async throws {
    let second = TemporaryDirectory()
    tree.source.write("a {}", to: "a.css")
    tree.source.write("b {}", to: "b.css")
    second.write("hidden", to: "a.css")
    let root = tree.root.path("deep/root")
    let change: @Sendable (inout CollectOptions) -> Void = {
      $0.sources.append(.directory(SourceDirectory(path: BytePath(second.path))))
      $0.root = BytePath(root)
      $0.codings = [.brotli]
    }
    let first = try await tree.report {
      change(&$0)
      $0.isDryRun = true
    }
    #expect(names(first.copied) == ["a.css", "b.css"])
    #expect(names(first.skipped) == ["a.css"])
    #expect(first.postProcessed.allSatisfy { $0.isWritten })
    #expect(first.isDryRun)
    #expect(!FileManager.default.fileExists(atPath: tree.root.path("deep")))

    _ = try await tree.report(change)
    let published = content()
    tree.source.write("b { changed: yes }", to: "b.css")
    tree.source.write("c {}", to: "c.css")
    let next = try await tree.report {
      change(&$0)
      $0.isDryRun = true
    }
    #expect(names(next.copied) == ["b.css", "c.css"])
    #expect(names(next.unmodified) == ["a.css"])
    #expect(next.postProcessed.filter { !$0.isWritten }.map(\.name.description) == ["a.css"])
    let links = try await tree.report {
      change(&$0)
      $0.isDryRun = true
      $0.linksOriginals = true
    }
    #expect(names(links.linked) == ["a.css", "b.css", "c.css"])

    tree.source.write("url(none.png)", to: "b.css")
    tree.source.write("in the way", to: "d")
    tree.root.write("x", to: "deep/root/d/x")
    let problems = try await tree.collect {
      change(&$0)
      $0.isDryRun = true
    }
    #expect(problems.map(\.kind) == [.missingReference])
    tree.source.write("b {}", to: "b.css")
    let obstacles = try await tree.collect {
      change(&$0)
      $0.isDryRun = true
    }
    #expect(obstacles.map(\.file) == ["d"])
    #expect(content().filter { $0.key != "deep/root/d/x" } == published)
  }

  @Test("without post-processing: copies and their codings, no manifest, files are not parsed")
  func noPostProcess() async throws {
    tree.source.write("url(none.png) \(compressible())", to: "a.css")
    tree.source.write([0xFF], to: "latin.css")
    let report = try await tree.report {
      $0.postProcesses = false
      $0.codings = [.brotli, .gzip]
    }
    #expect(report.copiedCount == 2)
    #expect(report.postProcessedCount == 0)
    #expect(tree.root.files() == ["a.css", "a.css.br", "a.css.gz", "latin.css"])
  }

  @Test("a plain copy beside an older release: its manifest stays, ours is removed as outdated")
  func noPostProcessAfterRelease() async throws {
    tree.source.write("a {}", to: "a.css")
    _ = try await tree.report()
    let paths = try tree.paths()
    tree.source.write("a { new: yes }", to: "a.css")
    _ = try await tree.report { $0.postProcesses = false }
    #expect(try tree.paths() == paths)
    #expect(tree.root.text("a.css") == "a { new: yes }")
    #expect(tree.root.read("staticd.json") == nil)
  }

  @Test("only hashed names, even if originals are left from earlier runs")
  func keepOnlyHashed() async throws {
    tree.source.write("@import 'd/b.css?v';\(compressible())", to: "a.css")
    tree.source.write(compressible(), to: "d/b.css")
    tree.root.write("somebody's", to: "other.txt")
    let codings: [ContentCoding] = [.brotli, .gzip]
    _ = try await tree.report { $0.codings = codings }
    #expect(tree.root.files().contains("d/b.css.gz"))
    let report = try await tree.report {
      $0.codings = codings
      $0.keepsOnlyHashed = true
    }
    #expect(report.postProcessedCount == 2)
    #expect(report.copiedCount + report.unmodifiedCount == 0)
    let paths = try tree.paths()
    let hashed = paths.values.flatMap { [$0, "\($0).br", "\($0).gz"] }
    let others = ["other.txt", "staticd.json", "staticfiles.json"]
    #expect(tree.root.files() == (hashed + others).sorted())
    // And the reverse.
    #expect(try await tree.report { $0.codings = codings }.copiedCount == 2)
  }

  @Test("a reference to a file that remains from an earlier release is missing")
  func leftover() async throws {
    tree.source.write("PNG", to: "old.png")
    tree.source.write("url(old.png)", to: "a.css")
    #expect(try await tree.collect().isEmpty)
    try FileManager.default.removeItem(atPath: tree.source.path("old.png"))
    #expect(tree.root.read("old.png") != nil)
    let problems = try await tree.collect()
    #expect(problems.map(\.kind) == [.missingReference])
    #expect(problems[0].reference == "old.png")
  }

  @Test(
    "a dangling reference is an error or a warning",
    arguments: [
      (Problem.Severity.error, Problem.Severity.error, 3, 0),
      (.error, .warning, 2, 1), (.warning, .error, 1, 2), (.warning, .warning, 0, 3),
    ]
  )
  func missing(
    references: Problem.Severity,
    sourceMaps: Problem.Severity,
    errors: Int,
    warnings: Int
  ) async throws {
    tree.source.write("ok {}", to: "ok.css")
    tree.source.write("url(no.png) url(../up.png)\n@import 'ok.css';", to: "a.css")
    tree.source.write("f()\n//# sourceMappingURL=no.map\n", to: "a.js")
    tree.source.write("@import 'a.css';", to: "b.css")
    let change: @Sendable (inout CollectOptions) -> Void = {
      $0.missingReferences = references
      $0.missingSourceMaps = sourceMaps
    }
    let problems = try await tree.collect(change)
    if errors > 0 {
      #expect(problems.count { $0.severity == .error } == errors)
      #expect(problems.count { $0.severity == .warning } == warnings)
      #expect(tree.root.files().isEmpty)
      return
    }
    let report = try await tree.report(change)
    #expect(
      report.problems.map(\.description) == [
        "\(tree.source.path)/a.css:1: warning: '../up.png': '../up.png' lies outside the collected "
          + "files",
        "\(tree.source.path)/a.css:1: warning: 'no.png': there is no file 'no.png'",
        "\(tree.source.path)/a.js:2: warning: 'no.map': there is no file 'no.map'",
      ]
    )
    let ok = try #require(try tree.paths()["ok.css"])
    #expect(try tree.published("a.css") == "url(no.png) url(../up.png)\n@import url(\"\(ok)\");")
    let sheet = try #require(try tree.paths()["a.css"])
    #expect(try tree.published("b.css") == "@import url(\"\(sheet)\");")
    #expect(try tree.published("a.js") == "f()\n//# sourceMappingURL=no.map\n")
  }

  @Test("warnings do not hide errors of any other kind")
  func warningsAndErrors() async throws {
    tree.source.write("url(no.png)\n@import 'b.css';", to: "a.css")
    tree.source.write("@import 'a.css';", to: "b.css")
    tree.source.write([0xFF], to: "latin.css")
    let problems = try await tree.collect { $0.missingReferences = .warning }
    #expect(problems.filter { $0.severity == .error }.map(\.kind) == [.cycle, .notUTF8])
    #expect(problems.count == 3)
    #expect(problems.first { $0.kind == .cycle }?.files.count == 2)
  }

  @Test("names hashed by bundlers are kept, and so is the content of these files")
  func hashedNames() async throws {
    let script = "import './chunk-B7_xQz1a.js'; import './plain.js';\n//# sourceMappingURL=no.map\n"
    let names = [
      "dist/assets/index-DiwrgTda.js", "dist/assets/chunk-B7_xQz1a.js",
      "bundle/main.3f1a9c2b7d.js", "bundle/3f1a9c2b7d8e6f50.png",
    ]
    for name in names { tree.source.write(script, to: name) }
    tree.source.write("url(dist/assets/index-DiwrgTda.js)", to: "a.css")
    tree.source.write("x", to: "dist/assets/plain.js")
    tree.source.write("x", to: "esbuild/out-QWERTYUI.txt")
    let change: @Sendable (inout CollectOptions) -> Void = {
      $0.hashedNames = [.vite, .webpack, .glob("esbuild/*-????????.*")]
      $0.rewritesModules = true
      $0.keepsOnlyHashed = true
    }
    let report = try await tree.report(change)
    let paths = try tree.paths()
    for name in names + ["esbuild/out-QWERTYUI.txt"] { #expect(paths[name] == name) }
    for name in names { #expect(tree.root.text(name) == script) }
    #expect(paths["dist/assets/plain.js"] != "dist/assets/plain.js")
    #expect(try tree.published("a.css") == "url(\"dist/assets/index-DiwrgTda.js\")")
    #expect(report.copiedCount == 5)
    #expect(report.postProcessedCount == 7)
    let manifest = try #require(tree.root.text("staticd.json"))
    let line = manifest.split(separator: "\n").first { $0.contains("\"name\": \"\(names[0])\"") }
    #expect(line?.contains("immutable") == true)
    let second = try await tree.report(change)
    #expect(second.postProcessed.allSatisfy { !$0.isWritten })
    // Without the option they are renamed like all others.
    _ = try await tree.report { $0.missingReferences = .warning }
    #expect(try tree.paths()[names[0]] != names[0])
  }

  @Test("modules", arguments: [true, false])
  func modules(isRewritten: Bool) async throws {
    let maps =
      "const m = `<script type=\"importmap\">{\"imports\": {\"x\": \"./m.js\"}}</script>`;\n"
    tree.source.write("import { x } from './m.js';\nexport * from './m.js';\n\(maps)", to: "a.js")
    tree.source.write("export const x = 1;", to: "m.js")
    _ = try await tree.report { $0.rewritesModules = isRewritten }
    let module = try #require(try tree.paths()["m.js"])
    let name = isRewritten ? "\"./\(module)\"" : "'./m.js'"
    #expect(
      try tree.published("a.js") == "import { x } from \(name);\nexport * from \(name);\n\(maps)"
    )
  }

  @Test("new directories get exactly the requested mode, existing ones keep theirs")
  func directoryMode() async throws {
    tree.source.write("x", to: "d/e/a.txt")
    tree.source.write("x", to: "old/a.txt")
    tree.root.write("x", to: "r/old/b.txt")
    chmod(tree.root.path("r/old"), 0o700)
    let root = tree.root.path("r/new")
    for directory in [tree.root.path("r"), root] {
      _ = try await tree.report {
        $0.root = BytePath(directory)
        $0.directoryMode = 0o2775
      }
    }
    let mode = { (name: String) throws -> Int? in
      try FileManager.default.attributesOfItem(atPath: tree.root.path(name))[.posixPermissions]
        as? Int
    }
    #expect(try mode("r/old") == 0o700)
    for name in ["r/d", "r/d/e", "r/new", "r/new/d/e"] {
      #expect(try mode(name) == 0o2775, "\(name)")
    }
  }

  @Test("what is compressed", arguments: [nil, [], ["css"], [".CSS", "min.js"]] as [[String]?])
  func skippedExtensions(extensions: [String]?) async throws {
    let names = ["a.css", "a.png", "a.js", "a.min.js", "css"]
    for name in names { tree.source.write(compressible(), to: name) }
    _ = try await tree.report {
      $0.codings = [.brotli]
      $0.skippedExtensions = extensions
    }
    let skipped: Set<String> =
      switch extensions {
      case nil: ["a.png"]
      case []: []
      case ["css"]: ["a.css"]
      default: ["a.css", "a.min.js"]
      }
    #expect(names.filter { tree.root.read("\($0).br") == nil } == names.filter(skipped.contains))
  }

  @Test("a damaged file in the root is repaired, and both manifests stay")
  func damaged() async throws {
    tree.source.write("a {}", to: "a.css")
    _ = try await tree.report()
    let before = content()
    for name in ["a.css", try #require(try tree.paths()["a.css"])] {
      tree.root.write("broken", to: name)
    }
    _ = try await tree.report()
    #expect(content() == before)
  }

  @Test("a list of files from another program, in its order, among directories")
  func listed() async throws {
    let other = TemporaryDirectory()
    other.write("listed", to: "x/1.txt")
    other.write("listed", to: "x/.2")
    tree.source.write("directory", to: "a.txt")
    tree.source.write("directory", to: "b.txt")
    let files = [("a.txt", "x/1.txt"), ("d/.2", "x/.2"), ("d/no", "none"), ("x", "x")]
    let problems = try await tree.collect {
      $0.sources.insert(
        .files(files.map { SourceFile(name: BytePath($0), path: BytePath(other.path($1))) }),
        at: 0
      )
    }
    #expect(problems.map(\.source) == [other.path("none"), other.path("x")])
    let report = try await tree.report {
      $0.sources.insert(
        .files(
          files.prefix(2).map { SourceFile(name: BytePath($0), path: BytePath(other.path($1))) }
        ),
        at: 0
      )
    }
    #expect(names(report.copied) == ["a.txt", "b.txt", "d/.2"])
    #expect(names(report.skipped) == ["a.txt"])
    #expect(tree.root.text("a.txt") == "listed")
    await #expect(throws: CollectError.self) {
      try await tree.report {
        let path = BytePath(tree.root.path("a.txt"))
        $0.sources = [.files([SourceFile(name: BytePath("a.txt"), path: path)])]
      }
    }
  }

  @Test("sources with the names of manifests are left out, with a warning")
  func reservedNames() async throws {
    for name in ["staticfiles.json", "staticd.json", "a.txt"] {
      tree.source.write("{}", to: name)
      tree.source.write("{}", to: "d/\(name)")
    }
    for postProcesses in [true, false] {
      let report = try await tree.report { $0.postProcesses = postProcesses }
      #expect(report.problems.map(\.file).sorted() == ["staticd.json", "staticfiles.json"])
      #expect(
        report.problems.allSatisfy { $0.severity == .warning && $0.text.contains("rename it") }
      )
      #expect(tree.root.text("d/staticd.json") == "{}" && tree.root.text("staticd.json") != "{}")
    }
  }

  @Test("the report tells sources of copied and of skipped files apart")
  func sources() async throws {
    let (second, third) = (TemporaryDirectory(), TemporaryDirectory())
    tree.source.write("a", to: "a.txt")
    tree.source.write("b", to: "b.txt")
    for directory in [second, third] { directory.write("hidden", to: "a.txt") }
    let skipped = [second.path("a.txt"), third.path("a.txt")]
    for copied in [["a.txt", "b.txt"], [], ["b.txt"]] {
      if copied == ["b.txt"] { tree.source.write("changed", to: "b.txt") }
      let report = try await tree.report {
        $0.sources += [second, third].map {
          .directory(SourceDirectory(path: BytePath($0.path)))
        }
      }
      let json = try #require(
        try JSONSerialization.jsonObject(with: Data(report.json())) as? [String: Any]
      )
      let sources = json["sources"] as? [String: String]
      #expect(sources?.keys.sorted() == copied)
      for name in copied { #expect(sources?[name] == tree.source.path(name)) }
      #expect(json["skipped"] as? [String] == ["a.txt", "a.txt"])
      #expect(json["skippedSources"] as? [String] == skipped)
    }
  }

  @Test("the report as JSON")
  func json() async throws {
    let second = TemporaryDirectory()
    tree.source.write(compressible(), to: "d/a.css")
    tree.source.write("//# sourceMappingURL=no.map", to: "é.js")
    second.write("hidden", to: "d/a.css")
    let report = try await tree.report {
      $0.sources.append(.directory(SourceDirectory(path: BytePath(second.path))))
      $0.codings = [.brotli, .gzip]
    }
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(report.json())) as? [String: Any]
    )
    let paths = try tree.paths()
    let sheet = try #require(paths["d/a.css"])
    #expect(json["version"] as? Int == 1)
    #expect(json["root"] as? String == tree.root.path)
    #expect(json["dryRun"] as? Bool == false)
    #expect(json["copied"] as? [String] == ["d/a.css", "é.js"])
    #expect(json["skipped"] as? [String] == ["d/a.css"])
    let counts = json["counts"] as? [String: Int]
    #expect(
      counts == [
        "copied": 2, "linked": 0, "unmodified": 0, "deleted": 0, "skipped": 1, "pruned": 0,
        "postProcessed": 2, "carried": 0, "changed": 0,
      ]
    )
    for key in ["linked", "unmodified", "deleted", "pruned"] {
      #expect((json[key] as? [String])?.isEmpty == true, "\(key)")
    }
    #expect(
      json["sources"] as? [String: String]
        == ["d/a.css": tree.source.path("d/a.css"), "é.js": tree.source.path("é.js")]
    )
    #expect(json["skippedSources"] as? [String] == [second.path("d/a.css")])
    let processed = try #require(json["postProcessed"] as? [[String: Any]])
    #expect(processed.map { $0["hashed"] as? String } == [sheet, paths["é.js"]])
    #expect(processed.allSatisfy { $0["written"] as? Bool == true })
    let files = try #require(json["files"] as? [String: [String: Int]])
    #expect(files[sheet]?["bytes"] == compressible().utf8.count)
    #expect(files[sheet]?["br"] == tree.root.read("\(sheet).br")?.count)
    #expect(files[sheet]?["gzip"] == tree.root.read("\(sheet).gz")?.count)
    #expect(files.count == 4)
    let problem = try #require((json["problems"] as? [[String: Any]])?.first)
    #expect(problem["severity"] as? String == "warning")
    #expect(problem["kind"] as? String == "missing-source-map")
    #expect(problem["line"] as? Int == 1)
    #expect(problem["reference"] as? String == "no.map")
    #expect(problem["file"] as? String == "é.js")
    #expect(problem["source"] as? String == tree.source.path("é.js"))
  }
}
