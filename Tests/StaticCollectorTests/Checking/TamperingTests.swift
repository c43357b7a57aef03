import Foundation
import StaticAssets
import StaticCollector
import TestSupport
import Testing

/// A collected root with a single modification.
///
/// Goal: the check detects every modification of any field of the manifests, and of any kind of
/// file. The checksum of `staticd.json` is updated after an edit, so that each field is checked by
/// itself; without that, every single byte is covered. Serialized: each test collects a root, and
/// Foundation cannot start a process with more than about 1,300 open files.
@Suite(.serialized) struct TamperingTests {
  struct Edit: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let apply: @Sendable (TamperedRoot) throws -> Void

    init(_ name: String, _ apply: @escaping @Sendable (TamperedRoot) throws -> Void) {
      testDescription = name
      self.apply = apply
    }
  }

  static let fields: [Edit] =
    [
      ("bytes", "1"), ("bytes", "-1"), ("md5", "\"0\""), ("sha256", "\"\""),
      ("integrity", "\"sha384-x\""), ("type", "\"text/html\""),
      ("type", "\"text/css\\r\\nX: 1\""), ("cacheControl", "\"max-age=61, public\""),
      ("cacheControl", "\"\""), ("name", "\"d/c.css\""), ("name", "\"other.css\""),
      ("release", "\"000000000000\""), ("release", "\"\""), ("coding", "\"gzip\""),
      ("file", "\"a.css.gz\""), ("file", "\"x.br\""),
    ].flatMap { key, value in
      [
        Edit("\(key) of an original: \(value)") { try $0.set(key, value, of: "d/b.css") },
        Edit("\(key) of a hashed file: \(value)") { try $0.set(key, value, of: $0.sheet) },
      ]
    } + [
      Edit("an original is immutable") {
        try $0.set("cacheControl", "\"max-age=315360000, public, immutable\"", of: "d/b.css")
      },
      Edit("an alias is immutable") {
        try $0.set("cacheControl", "\"max-age=315360000, public, immutable\"", of: $0.alias)
      },
      Edit("a hashed file is not immutable") {
        try $0.set("cacheControl", "\"max-age=60, public\"", of: $0.sheet)
      },
      Edit("an older file is of the current release") {
        try $0.set("release", "\"\(try $0.label())\"", of: $0.older)
      },
      Edit("integrity is gone") {
        try $0.edit("c.png") {
          $0.replacing(try Regex(", \"integrity\": \"[^\"]*\""), with: "")
        }
      },
      Edit("no codings of an original") { try $0.emptyCodings(of: "d/b.css") },
      Edit("no codings of a hashed file") { try $0.emptyCodings(of: $0.sheet) },
      Edit("no codings of an older file") { try $0.emptyCodings(of: $0.older) },
      Edit("the bytes of a coding") {
        try $0.edit("d/b.css") { $0.replacing(".br\", \"bytes\": ", with: ".br\", \"bytes\": 1") }
      },
      Edit("the MD5 of a coding") {
        try $0.edit("d/b.css") { $0.replacing(try Regex("[0-9a-f]{32}\"}]"), with: "0\"}]") }
      },
      Edit("the line of an original is gone") { try $0.drop("d/b.css") },
      Edit("the line of a hashed file is gone") { try $0.drop($0.sheet) },
      Edit("the line of an older file is gone") { try $0.drop($0.older) },
      Edit("the line of an alias is gone") { try $0.drop($0.alias) },
      Edit("no files") { try $0.replace("\"files\": \\{[^\\x00]*\n\\}", "\"files\": {\n}") },
      Edit("no releases") { try $0.replace("\"releases\": \\[[^]]*\\]", "\"releases\": []") },
      Edit("one release") {
        try $0.replace("\"releases\": \\[[^]]*\\]", "\"releases\": [\"\(try $0.label())\"]")
      },
      Edit("a release twice") {
        let label = try $0.label()
        try $0.replace("\"releases\": \\[", "\"releases\": [\"\(label)\", ")
      },
      Edit("a release without files, the oldest") {
        // The first array in the text.
        try $0.replace("\\]", ", \"000000000000\"]")
      },
      Edit("another current release") {
        try $0.replace("\"releases\": \\[", "\"releases\": [\"000000000000\", ")
      },
      Edit("the version") { try $0.replace("\"version\": 1", "\"version\": 2") },
      Edit("a file twice") { root in
        try root.edit("c.png") { "\($0)\n\($0)" }
      },
      Edit("a file that leads out of the root") { root in
        try root.edit("c.png") { "\($0.replacing("\"c.png\": {", with: "\"../c.png\": {"))\n\($0)" }
      },
      Edit("the seal is gone") { root in
        let text = try #require(root.root.text("staticd.json"))
        root.write(text.replacing(try Regex(", \"seal\": \"[^\"]*\""), with: ""), seals: false)
      },
      Edit("staticd.json is gone and staticfiles.json is left of both") { root in
        root.root.remove("staticfiles.json")
      },
    ]

  static let django: [Edit] = [
    ("\"version\": \"1.1\"", "\"version\": \"1.0\""),
    ("\"version\": \"1.1\"", "\"version\": \"2\""),
    (", \"version\": \"1.1\"", ""), ("\"hash\": \"", "\"hash\": \"0"),
    (", \"hash\": \"[^\"]*\"", ""),
    ("\"hash\": \"[^\"]*\"", "\"hash\": \"\""), ("\"c.png\": \"[^\"]*\", ", ""),
    ("\"c.png\": \"", "\"e.png\": \""), ("\"c.png\": \"[^\"]*\"", "\"c.png\": \"c.png\""),
    ("\"paths\": \\{[^}]*\\}", "\"paths\": {}"), ("\"c.png\": \"", "\"c.png\": \"../"),
    ("\"paths\": \\{", "\"paths\": {\"new.css\": \"d/c.css\", "),
    // The same data.
    ("\"paths\": \\{", "\"paths\": { "), ("\\{\"paths", "{\"key\": 1, \"paths"), ("\\}$", "}\n"),
    ("\"c.png\"", "\"\\\\u0063.png\""),
  ].map { pattern, text in
    Edit("staticfiles.json: \(pattern) is \(text)") { root in
      let manifest = try #require(root.root.text("staticfiles.json"))
      let range = try #require(manifest.range(of: pattern, options: .regularExpression))
      let edited = manifest.replacingCharacters(in: range, with: text)
      root.root.write(edited, to: "staticfiles.json")
    }
  }

  static let files: [Edit] = [
    Edit("an original changed") { $0.root.write("x", to: "d/b.css") },
    Edit("an original is gone") { $0.root.remove("d/b.css") },
    Edit("an original is empty") { $0.root.write("", to: "c.png") },
    Edit("an older file changed") { $0.root.write("x", to: $0.older) },
    Edit("an older file is gone") { $0.root.remove($0.older) },
    Edit("an alias changed") { $0.root.write("x", to: $0.alias) },
    Edit("a hashed file is gone") { $0.root.remove($0.sheet) },
    Edit("a coding is gone") { $0.root.remove("\($0.sheet).br") },
    Edit("a coding is garbage") { $0.root.write("x", to: "d/b.css.gz") },
    Edit("a coding of an older file is garbage") { $0.root.write("x", to: "\($0.older).gz") },
    Edit("garbage beside a file without codings") { $0.root.write("x", to: "c.png.br") },
    Edit("a garbage zstd coding") { $0.root.write("x", to: "d/b.css.zst") },
    Edit("a coding that decodes and is not listed") { root in
      let path = root.root.path("c.png")
      #expect(Command.run(["sh", "-c", "gzip -9 <'\(path)' >'\(path).gz'"]).status == 0)
    },
    Edit("an extra file under a hashed name") { $0.root.write("x", to: "a.0123456789ab.css") },
    Edit("an extra file under another hashed name") {
      $0.root.write("x", to: "d/evil.0123456789ab.js")
    },
    Edit("an extra file without ending under a hashed name") {
      $0.root.write("x", to: "evil.0123456789ab")
    },
    Edit("a directory under a hashed name") {
      $0.root.write("x", to: "d/x.0123456789ab.css/plain.txt")
    },
    Edit("an empty directory under a hashed name") {
      #expect(mkdir($0.root.path("x.0123456789ab.css"), 0o755) == 0)
    },
    Edit("an extra coding under a hashed name") {
      $0.root.write("x", to: "a.0123456789ab.css.gz")
    },
    Edit("an original is a link to the same bytes outside") { root in
      let copy = root.tree.source.path("d/b.css")
      root.replaceByLink("d/b.css", to: copy)
    },
    Edit("a hashed file is a link inside the root") { root in
      root.root.rename(root.sheet, to: "moved")
      root.root.link(root.sheet, to: "moved")
    },
    Edit("a coding is a link") { root in
      root.root.rename("d/b.css.br", to: "moved")
      root.root.link("d/b.css.br", to: "../moved")
    },
    Edit("staticd.json is a link") { root in
      root.root.rename("staticd.json", to: "moved")
      root.root.link("staticd.json", to: "moved")
    },
    Edit("a link out of the root") { $0.root.link("stranger.txt", to: "/etc/passwd") },
    Edit("a link to a directory outside") { $0.root.link("out", to: "/etc") },
    Edit("a link to nothing") { $0.root.link("nothing", to: "/none") },
    Edit("a directory of the release is a link out of the root") { root in
      root.root.remove("assets")
      root.root.link("assets", to: root.tree.source.path("assets"))
    },
    Edit("a directory in the place of a file") { root in
      root.root.remove("c.png")
      root.root.write("x", to: "c.png/x")
    },
    Edit("mode 000 of a file") { $0.setMode(0, "d/b.css") },
    Edit("mode 000 of a coding") { $0.setMode(0, "d/b.css.br") },
    Edit("mode 000 of a manifest") { $0.setMode(0, "staticfiles.json") },
    Edit("mode 000 of our manifest") { $0.setMode(0, "staticd.json") },
    Edit("mode 600 of one file") { $0.setMode(0o600, $0.sheet) },
    Edit("mode 600 of an older file") { $0.setMode(0o600, $0.older) },
    Edit("mode 600 of a coding") { $0.setMode(0o600, "d/b.css.br") },
    Edit("mode 600 of a manifest") { $0.setMode(0o600, "staticfiles.json") },
    Edit("mode 600 of our manifest") { $0.setMode(0o600, "staticd.json") },
    Edit("mode 666 of an original") { $0.setMode(0o666, "d/b.css") },
    Edit("mode 664 of a hashed file") { $0.setMode(0o664, $0.sheet) },
    Edit("mode 755 of a file") { $0.setMode(0o755, "c.png") },
    Edit("mode 4755 of a file") { $0.setMode(0o4755, "c.png") },
    Edit("mode 444 of a coding") { $0.setMode(0o444, "d/b.css.gz") },
    Edit("mode 666 of a manifest") { $0.setMode(0o666, "staticfiles.json") },
    Edit("mode 646 of our manifest") { $0.setMode(0o646, "staticd.json") },
    Edit("mode 700 of a directory") { $0.setMode(0o700, "d") },
    Edit("mode 750 of a directory") { $0.setMode(0o750, "d") },
    Edit("a hashed name in a new directory") { $0.root.write("x", to: "q/x.0123456789ab.css") },
    Edit("a hashed name deep in new directories") {
      $0.root.write("x", to: "q/CACHE/x.0123456789ab.css")
    },
    Edit("a pipe") { #expect(mkfifo($0.root.path("pipe"), 0o644) == 0) },
    Edit("a pipe in the place of a coding") {
      #expect(mkfifo($0.root.path("c.png.br"), 0o644) == 0)
    },
    Edit("left-over staging") { $0.root.write("x", to: ".staticd-staging/1") },
    Edit("an empty staging directory") {
      #expect(mkdir($0.root.path(".staticd-staging"), 0o755) == 0)
    },
    Edit("a left-over journal") { $0.root.write("{}", to: ".staticd-history.json") },
    Edit("staticd.json is empty") { $0.root.write("", to: "staticd.json") },
    Edit("staticfiles.json is empty") { $0.root.write("", to: "staticfiles.json") },
    Edit("staticfiles.json is a directory") { root in
      root.root.remove("staticfiles.json")
      root.root.write("x", to: "staticfiles.json/x")
    },
  ]

  @Test("an edit of a file or a field", arguments: fields + django + files)
  func edited(edit: Edit) async throws {
    let root = try await TamperedRoot()
    try edit.apply(root)
    let problems = try await root.problems()
    #expect(!problems.isEmpty)
    #expect(problems.allSatisfy { $0.utf8.allSatisfy { $0 >= 0x20 } })
    #expect(Set(problems).count == problems.count, "told twice: \(problems)")
  }

  @Test("a change of any byte is detected", arguments: ["staticd.json", "staticfiles.json"])
  func bytes(name: String) async throws {
    let root = try await TamperedRoot()
    #expect(try await root.problems() == [])
    let text = try #require(root.root.read(name))
    for index in stride(from: 0, to: text.count, by: 29) {
      var edited = text
      edited[index] = edited[index] == UInt8(ascii: "7") ? UInt8(ascii: "8") : UInt8(ascii: "7")
      root.root.write(edited, to: name)
      #expect(try await !root.problems().isEmpty, "byte \(index)")
    }
  }

  @Test("references to missing hashed names")
  func danglingReferences() async throws {
    let tree = CollectedTree()
    tree.source.write("a { b: url(x.0123456789ab.png) }", to: "a.css")
    tree.source.write("x", to: "d/x.png")
    tree.source.write("a { b: url(/static/d/x.0123456789ab.png) }", to: "d/b.css")
    tree.source.write(
      "a { b: url(x.png#y) } b { c: url(/other/x.0123456789ab.png) }",
      to: "d/c.css"
    )
    #expect(try await tree.report { $0.missingReferences = .warning }.problems.count == 2)
    let problems = try await RootCheck(root: BytePath(tree.root.path)).run().problems
    let paths = try tree.paths()
    #expect(
      problems.map(\.description) == [
        "\(paths["a.css"]!): it refers to 'x.0123456789ab.png', which is not in the root; "
          + "collect again",
        "\(paths["d/b.css"]!): it refers to '/static/d/x.0123456789ab.png', which is not in the "
          + "root; collect again",
      ]
    )
  }
}

extension TamperedRoot {
  /// The label of the current release.
  func label() throws -> String {
    let text = try #require(root.text("staticd.json"))
    return String(text.split(separator: "\"")[5])
  }

  func emptyCodings(of name: String) throws {
    try edit(name) { $0.replacing(try Regex("\"codings\": \\[.*\\]"), with: "\"codings\": []") }
  }
}
