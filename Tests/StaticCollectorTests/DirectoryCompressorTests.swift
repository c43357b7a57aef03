import Foundation
import StaticAssets
import StaticCollector
import TestSupport
import Testing

/// Compression of a directory in place.
@Suite struct DirectoryCompressorTests {
  private let directory = TemporaryDirectory()
  private let text = String(repeating: "compressible ", count: 100)

  @discardableResult
  private func compress(
    _ change: (inout CompressOptions) -> Void = { _ in }
  ) async throws -> CompressReport {
    var options = CompressOptions(directory: BytePath(directory.path), jobs: 2)
    change(&options)
    return try await DirectoryCompressor(options).run()
  }

  private func attributes(_ name: String) throws -> [FileAttributeKey: Any] {
    try FileManager.default.attributesOfItem(atPath: directory.path(name))
  }

  @Test("files that get smaller are compressed, with the time and mode of the file")
  func compresses() async throws {
    for name in ["a.css", "deep/.hidden/b", "a.jpg", "C.JPG"] { directory.write(text, to: name) }
    directory.write("short", to: "short.txt")
    directory.write("", to: "empty")
    let path = directory.path("a.css")
    let date = Date(timeIntervalSince1970: 1_234_567_890.5)
    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
    chmod(path, 0o640)
    let report = try await compress()
    let names = ["a.css.br", "a.css.gz", "deep/.hidden/b.br", "deep/.hidden/b.gz"]
    #expect(report.variants.map(\.name.description) == names)
    let originals = ["C.JPG", "a.css", "a.jpg", "deep/.hidden/b", "empty", "short.txt"]
    #expect(directory.files() == (names + originals).sorted())
    for name in ["a.css.br", "a.css.gz"] {
      #expect(try attributes(name)[.modificationDate] as? Date == date)
      #expect(try attributes(name)[.posixPermissions] as? Int == 0o640)
    }
    let second = try await compress()
    #expect(second.variants.allSatisfy { !$0.isWritten })
    #expect(Command.run(["gzip", "-t", directory.path("a.css.gz")]).status == 0)
  }

  @Test("a coding whose name is too long is left out, and the rest is compressed")
  func longName() async throws {
    let long = String(repeating: "n", count: 249) + ".css"
    for name in [long, "a.css"] { directory.write(text, to: name) }
    let report = try await compress()
    #expect(report.variants.map(\.name.description) == ["a.css.br", "a.css.gz"])
    #expect(report.problems.map(\.severity) == [.warning, .warning])
    #expect(report.problems.allSatisfy { $0.file == long })
  }

  @Test("a directory in the place of a coding is reported, and the coding is not counted")
  func obstacle() async throws {
    directory.write(text, to: "a.css")
    directory.write("kept", to: "a.css.gz/file")
    let report = try await compress()
    #expect(report.variants.map(\.name.description) == ["a.css.br"])
    #expect(report.problems.map(\.file) == ["a.css.gz"])
    #expect(report.problems.map(\.severity) == [.warning])
    #expect(report.problems[0].description.contains("in the way"))
    #expect(directory.files() == ["a.css", "a.css.br", "a.css.gz/file"])
  }

  @Test("links to files are compressed, links to directories are not followed")
  func links() async throws {
    let elsewhere = TemporaryDirectory()
    elsewhere.write(text, to: "d/x.css")
    directory.link("linked.css", to: elsewhere.path("d/x.css"))
    directory.link("directory", to: elsewhere.path("d"))
    directory.link("loop", to: ".")
    directory.link("broken", to: "nowhere")
    #expect(
      try await compress().variants.map(\.name.description) == ["linked.css.br", "linked.css.gz"]
    )
    #expect(elsewhere.files() == ["d/x.css"])
  }

  @Test("outdated codings are removed, valid ones stay, whatever created them")
  func stale() async throws {
    directory.write("short", to: "a.css")
    directory.write("stale", to: "a.css.br")
    directory.write("stale", to: "a.css.gz")
    directory.write("short", to: "b.css")
    let gzip = "gzip -9 <\(directory.path("b.css")) >\(directory.path("b.css.gz"))"
    #expect(Command.run(["sh", "-c", gzip]).status == 0)
    directory.write("not looked at", to: "c.png.gz")
    directory.write("x", to: "c.png")
    directory.write("x", to: "d.css")
    directory.write("x", to: "d.css.gz/directory")
    let report = try await compress()
    #expect(report.removed.map(\.description) == ["a.css.br", "a.css.gz"])
    let names = ["a.css", "b.css", "b.css.gz", "c.png", "c.png.gz", "d.css", "d.css.gz/directory"]
    #expect(directory.files() == names)
    directory.write(text, to: "a.css")
    directory.write("stale", to: "a.css.gz")
    _ = try await compress { $0.codings = [.brotli] }
    #expect(directory.read("a.css.br") != nil)
    #expect(directory.read("a.css.gz") == nil)
  }

  @Test("the selected codings and files")
  func options() async throws {
    directory.write(text, to: "a.css")
    directory.write(text, to: "a.png")
    _ = try await compress {
      $0.codings = [.gzip]
      $0.skippedExtensions = ["css"]
    }
    #expect(directory.files() == ["a.css", "a.png", "a.png.gz"])
  }

  @Test("an unreadable file is reported, the rest is compressed")
  func unreadable() async throws {
    directory.write(text, to: "a.css")
    directory.link("b.css", to: "/proc/self/mem")
    let report = try await compress()
    #expect(report.problems.map(\.file) == ["b.css"])
    #expect(report.variants.count == 2)
    #expect(directory.files() == ["a.css", "a.css.br", "a.css.gz", "b.css"])
  }

  @Test("a missing directory, or one with a manifest, is refused")
  func refused() async throws {
    await #expect(throws: CollectError.self) {
      try await compress { $0.directory = BytePath(directory.path("none")) }
    }
    directory.write("{", to: "staticd.json")
    directory.write(text, to: "d/a.css")
    await #expect(throws: CollectError.self) { try await compress() }
    await #expect(throws: CollectError.self) {
      try await compress { $0.directory = BytePath(directory.path("d")) }
    }
    #expect(directory.files() == ["d/a.css", "staticd.json"])
  }

  @Test("in a collected root, only files that no manifest names", arguments: ["", "/CACHE", "/d"])
  func collected(place: String) async throws {
    let tree = CollectedTree()
    tree.source.write(text, to: "a.css")
    tree.source.write(text, to: "d/b.css")
    #expect(try await tree.collect { $0.linksOriginals = place == "/d" }.isEmpty)
    for name in ["CACHE/css/output.0123456789ab.css", "d/stranger.css"] {
      tree.root.write(text, to: name)
    }
    let before = tree.root.files()
    let report = try await compress { $0.directory = BytePath(tree.root.path + place) }
    let written = Set(tree.root.files()).subtracting(before)
    let bases = Set(written.map { String($0.dropLast(3)) })
    let expected: [String: Set<String>] = [
      "": ["CACHE/css/output.0123456789ab.css", "d/stranger.css"],
      "/CACHE": ["CACHE/css/output.0123456789ab.css"], "/d": ["d/stranger.css"],
    ]
    #expect(bases == expected[place])
    #expect(report.collectedCount == ["": 6, "/CACHE": 0, "/d": 2][place])
    #expect(try await RootCheck(root: BytePath(tree.root.path)).run().problems.isEmpty)
  }
}
