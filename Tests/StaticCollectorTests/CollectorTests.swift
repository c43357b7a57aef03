import Foundation
import StaticAssets
import StaticCollector
import TestSupport
import Testing

/// The collected files, their order, and the rewriting of references.
@Suite struct CollectorTests {
  private let tree = CollectedTree()

  private func source(_ directory: TemporaryDirectory, _ prefix: String = "") -> CollectSource {
    .directory(SourceDirectory(path: BytePath(directory.path), prefix: BytePath(prefix)))
  }

  @Test("of two files with one destination the first is collected")
  func firstWins() async throws {
    let second = TemporaryDirectory()
    tree.source.write("first", to: "d/a.txt")
    second.write("second", to: "d/a.txt")
    second.write("other", to: "d/b.txt")
    let report = try await tree.report { $0.sources.append(source(second)) }
    #expect(tree.root.text("d/a.txt") == "first")
    #expect(tree.root.text("d/b.txt") == "other")
    #expect(report.copiedCount == 2)
    #expect(report.skipped == [BytePath("d/a.txt")])
  }

  @Test("one directory under two prefixes is collected twice")
  func prefixes() async throws {
    tree.source.write("x", to: "a.txt")
    _ = try await tree.report {
      $0.sources = [source(tree.source, "x"), source(tree.source, "y/z")]
    }
    #expect(tree.root.files().contains("x/a.txt"))
    #expect(tree.root.files().contains("y/z/a.txt"))
    #expect(Set(try tree.paths().keys) == ["x/a.txt", "y/z/a.txt"])
  }

  @Test(
    "ignored names",
    arguments: [
      (["*.txt"], ["d/b.css"]), (["d"], ["a.txt"]), (["d/"], ["a.txt"]),
      (["./a.txt"], ["d/b.css", "d/c.txt"]),
      (["d/*"], ["a.txt"]), (["d/c*"], ["a.txt", "d/b.css"]), (["[ab].*"], ["d/c.txt"]),
      (["[!ab].*"], ["a.txt", "d/b.css"]), (["?.css"], ["a.txt", "d/c.txt"]),
      (["A.txt"], ["a.txt", "d/b.css", "d/c.txt"]), (["c.txt"], ["a.txt", "d/b.css"]),
      (["x/d/*"], ["a.txt", "d/b.css", "d/c.txt"]),
    ]
  )
  func ignored(patterns: [String], expected: [String]) async throws {
    for name in ["a.txt", "d/b.css", "d/c.txt"] { tree.source.write("", to: name) }
    _ = try await tree.report { $0.ignored = IgnorePatterns(patterns) }
    #expect(try tree.paths().keys.sorted() == expected)
  }

  @Test("Django's default patterns")
  func defaultPatterns() async throws {
    for name in ["a.txt", ".htaccess", ".git/x", "CVS/x", "a.txt~", "d/.x", "cvs/x"] {
      tree.source.write("", to: name)
    }
    _ = try await tree.report()
    #expect(try tree.paths().keys.sorted() == ["a.txt", "cvs/x"])
    _ = try await tree.report { $0.ignored = IgnorePatterns([]) }
    #expect(try tree.paths().count == 7)
  }

  @Test("a chain of imports may have any length and order")
  func chain() async throws {
    for index in 0..<60 {
      tree.source.write("@import 'f\(index + 1).css';", to: "f\(index).css")
    }
    tree.source.write("end {}", to: "f60.css")
    #expect(try await tree.collect().isEmpty)
    let paths = try tree.paths()
    for index in 0..<60 {
      let next = try #require(paths["f\(index + 1).css"])
      #expect(try tree.published("f\(index).css") == "@import url(\"\(next)\");")
    }
  }

  @Test("a cycle is reported with all its members")
  func cycle() async throws {
    tree.source.write("\n@import 'b.css';", to: "a.css")
    tree.source.write("@import 'd/c.css';", to: "b.css")
    tree.source.write("x {}\n\n@import '../a.css';", to: "d/c.css")
    tree.source.write("@import 'self.css';", to: "self.css")
    tree.source.write("@import 'a.css';", to: "outside.css")
    let problems = try await tree.collect()
    let path = tree.source.path
    #expect(problems.map(\.kind) == [.cycle, .cycle])
    #expect(
      problems[0].description
        == "\(path)/a.css:2: references in a circle: \(path)/a.css -> \(path)/b.css -> "
        + "\(path)/d/c.css -> \(path)/a.css; remove one of them"
    )
    #expect(problems[1].description.hasPrefix("\(path)/self.css:1: references in a circle: "))
    #expect(tree.root.files().isEmpty)
  }

  @Test("a query breaks a cycle, as in Django, and the resulting name exists")
  func queryBreaksCycle() async throws {
    tree.source.write("@import 'b.css?x';", to: "a.css")
    tree.source.write("@import 'a.css';", to: "b.css")
    #expect(try await tree.collect().isEmpty)
    let text = try #require(try tree.published("a.css"))
    let name = try #require(text.split(separator: "\"")[1].split(separator: "?").first)
    #expect(tree.root.text(String(name)) == "@import 'a.css';")
  }

  @Test("every problem is reported with its line, and nothing is published")
  func problems() async throws {
    tree.source.write("ok", to: "ok.txt")
    tree.source.write(
      "a { x: url(\nok.txt) }\n@import\n'ok.txt';\nb { y: url(no.png) url('no2.png') }\n"
        + "url(../../x)",
      to: "css/a.css"
    )
    tree.source.write([0x61, 0x0A, 0xE9, 0x0A], to: "latin.css")
    tree.source.write("//# sourceMappingURL=no.map", to: "a.js")
    tree.source.link("broken", to: "nowhere")
    // A file that even the superuser cannot read: reading fails with EIO.
    tree.source.link("unreadable.css", to: "/proc/self/mem")
    tree.root.write("old", to: "staticfiles.json")
    let problems = try await tree.collect()
    #expect(problems.filter { $0.severity == .warning }.map(\.kind) == [.missingSourceMap])
    let found = problems.map { problem in
      let name = problem.file[...]
      return "\(name):\(problem.line ?? 0) \(problem.kind.rawValue)"
    }
    #expect(
      found.sorted() == [
        "a.js:1 missing-source-map",
        "broken:0 unreadable",
        "css/a.css:1 missing-reference",
        "css/a.css:3 missing-reference",
        "css/a.css:5 missing-reference",
        "css/a.css:5 missing-reference",
        "css/a.css:6 outside-root",
        "latin.css:2 not-utf-8",
        "unreadable.css:0 unreadable",
      ]
    )
    #expect(tree.root.files() == ["staticfiles.json"])
    #expect(tree.root.text("staticfiles.json") == "old")
  }

  @Test("files and directories with the same name")
  func conflicts() async throws {
    let second = TemporaryDirectory()
    tree.source.write("file", to: "a")
    second.write("inside", to: "a/b")
    let problems = try await tree.collect { $0.sources.append(source(second)) }
    #expect(problems.map(\.kind) == [.nameConflict])

    let third = TemporaryDirectory()
    third.write("x", to: "c.txt")
    tree.root.write("x", to: "c.txt/in the way")
    let others = try await tree.collect { $0.sources = [source(third)] }
    #expect(others.map(\.kind) == [.nameConflict])
    #expect(tree.root.files() == ["c.txt/in the way"])
  }

  @Test(
    "no name leads out of the root or is truncated",
    arguments: [
      "a%5C..%5C..%5C..%5Cevil.txt", "%5Ctmp%5Cx.txt", "\\tmp\\x.txt", "a\\..\\..\\evil.txt",
      "..\\evil.txt",
      "a\\\\b.txt", "a%00b.txt", "%2Ftmp%2Fevil.txt", "a%2F..%2F..%2Fevil.txt",
      ".staticd-staging/x", String(repeating: "n", count: 250),
    ]
  )
  func escapingNames(name: String) async throws {
    tree.source.write("good", to: "a")
    tree.source.write("evil", to: name)
    let problems = try await tree.collect { $0.ignored = IgnorePatterns([]) }
    #expect(problems.count == 1)
    #expect(tree.root.files().isEmpty)
  }

  @Test("a directory may have the name of a coding, which is then left out")
  func codingIsDirectory() async throws {
    tree.source.write(String(repeating: "compressible ", count: 100), to: "a.txt")
    tree.source.write("x", to: "a.txt.br/x")
    tree.source.write("hi", to: "b.txt")
    tree.source.write("x", to: "b.txt.gz/x")
    for _ in 0..<2 {
      _ = try await tree.report { $0.codings = [.brotli, .gzip] }
      #expect(tree.root.files().contains("a.txt.gz"))
      #expect(tree.root.files().contains("a.txt.br/x"))
      #expect(tree.root.files().contains("b.txt.gz/x"))
    }
  }

  @Test("a directory in the place of a manifest", arguments: ["staticfiles.json", "staticd.json"])
  func manifestInTheWay(name: String) async throws {
    tree.source.write("x", to: "a.txt")
    tree.root.write("x", to: "\(name)/x")
    #expect(try await tree.collect().map(\.kind) == [.nameConflict])
    #expect(tree.root.files() == ["\(name)/x"])
    let other = CollectedTree()
    other.source.write("x", to: "\(name)/x")
    #expect(try await other.collect().map(\.kind) == [.nameConflict])
  }

  @Test("many files and many problems take linear time")
  func proportion() async throws {
    for index in 0..<4000 { tree.source.write("a { x: url(b.png) }", to: "f\(index).css") }
    tree.source.write(String(repeating: "url(zz)\n", count: 40_000), to: "many.css")
    tree.source.write(String(repeating: "url(", count: 500_000), to: "open.css")
    let problems = try await tree.collect()
    #expect(problems.count == 44_000)
    #expect(problems.contains { $0.file.hasSuffix("many.css") && $0.line == 40_000 })
  }

  @Test("a link to a parent directory is not followed; other links are")
  func links() async throws {
    let elsewhere = TemporaryDirectory()
    elsewhere.write("x", to: "e.txt")
    tree.source.write("x", to: "d/a.txt")
    tree.source.link("d/loop", to: "..")
    tree.source.link("file.txt", to: "d/a.txt")
    tree.source.link("dir", to: elsewhere.path)
    #expect(try await tree.collect().isEmpty)
    #expect(try tree.paths().keys.sorted() == ["d/a.txt", "dir/e.txt", "file.txt"])
    let attributes = try FileManager.default.attributesOfItem(atPath: tree.root.path("file.txt"))
    #expect(attributes[.type] as? FileAttributeType == .typeRegular)
  }

  @Test(
    "STATIC_URL",
    arguments: [
      ("/static/", "/static/a.png", true), ("/static/", "/a.png", false),
      ("/", "/a.png", true), ("/s/t/", "/s/t/a.png", true), ("/s/t/", "/s/a.png", false),
      ("https://cdn/s/", "/s/a.png", false), ("https://cdn/s/", "https://cdn/s/a.png", false),
      ("https://cdn/s/", "a.png", true),
    ]
  )
  func staticURL(url: String, reference: String, isRewritten: Bool) async throws {
    tree.source.write("PNG", to: "a.png")
    tree.source.write("url(\(reference))", to: "a.css")
    #expect(try await tree.collect { $0.staticURL = url }.isEmpty)
    let text = try #require(try tree.published("a.css"))
    #expect(text.contains("a.55505ba281b0.png") == isRewritten)
    if !isRewritten { #expect(text == "url(\(reference))") }
  }

  @Test("the mode is exact, whatever the umask")
  func modes() async throws {
    tree.source.write("x", to: "d/a.txt")
    _ = try await tree.report { $0.fileMode = 0o604 }
    for name in tree.root.files() {
      let attributes = try FileManager.default.attributesOfItem(atPath: tree.root.path(name))
      #expect(attributes[.posixPermissions] as? Int == 0o604, "\(name)")
    }
  }
}
