import Foundation
import StaticAssets
import StaticCollector
import TestSupport
import Testing

/// Dictionaries provided by the site.
@Suite struct SiteDictionaryTests {
  private let tree = DeltaTree()

  private static let accepted = "br, dcz"

  /// Publishes a page and two scripts that share most of their code with `js/common.js`.
  private func release(
    _ seed: UInt64,
    _ dictionaries: [SiteDictionary] = [
      SiteDictionary("js/common.js", for: "js/*.js"),
      SiteDictionary("pages.dat", for: "*.html"),
    ]
  ) async throws {
    let common = DeltaTree.script(seed)
    tree.source.write(common, to: "js/common.js")
    tree.source.write(common + DeltaTree.script(seed + 1, lineCount: 5), to: "js/a.js")
    tree.source.write(common + DeltaTree.script(seed + 2, lineCount: 5), to: "js/b.js")
    tree.source.write(common, to: "pages.dat")
    tree.source.write("<p>\(seed)</p>\n" + common, to: "index.html")
    _ = try await tree.collect { $0.dictionaries = dictionaries }
  }

  private func answer(_ name: String, with dictionary: String?) throws -> PlainResponse? {
    let table = try FileTable(root: tree.root.path)
    var request = ParsedRequest(method: "GET", target: "/static/\(name)")
    request?.add("Accept-Encoding", Self.accepted)
    if let dictionary {
      let offer = Data(DeltaTree.bytes(ofDigest: dictionary)).base64EncodedString()
      request?.add("Available-Dictionary", ":\(offer):")
    }
    return request.flatMap { table.response(to: $0) }
  }

  private func field(_ name: String, of response: PlainResponse?) -> String? {
    response?.fields.first { $0.name == name }?.value
  }

  @Test("matching files are sent as deltas, including pages under their own names")
  func made() async throws {
    try await release(100)
    let manifest = try tree.manifest()
    for (name, file) in [
      ("js/a.js", "js/common.js"), ("js/b.js", "js/common.js"), ("index.html", "pages.dat"),
    ] {
      let dictionary = try #require(manifest.files[try tree.published(file)]).sha256
      for published in [name, try tree.published(name)] {
        let deltas = try #require(manifest.files[published]).deltas
        #expect(deltas.map(\.dictionary) == [dictionary], "\(published)")
        let bytes = try #require(deltas.first.flatMap { tree.root.read($0.file) })
        let content = try #require(tree.root.read(try tree.published(file)))
        let decoded = DeltaTree.decode(bytes, dictionary: content, digest: dictionary)
        #expect(decoded == tree.root.read(published))
        #expect(field("Content-Encoding", of: try answer(published, with: dictionary)) == "dcz")
        #expect(field("Content-Encoding", of: try answer(published, with: nil)) == "br")
      }
    }
    #expect(try await RootCheck(root: BytePath(tree.root.path)).run().problems.isEmpty)
  }

  @Test("a dictionary names the URLs it is for")
  func offered() async throws {
    try await release(100)
    let common = try answer(try tree.published("js/common.js"), with: nil)
    #expect(field("Use-As-Dictionary", of: common) == "match=\"/static/js/*.js\"")
    let pages = try answer(try tree.published("pages.dat"), with: nil)
    let value = "match=\"/static/*\", match-dest=(\"document\" \"frame\" \"iframe\")"
    #expect(field("Use-As-Dictionary", of: pages) == value)
  }

  @Test(
    "a dictionary has a delta itself only if its pattern covers it",
    arguments: [("*.html", 0), ("js/*.js", 1), ("css/*", 0)]
  )
  func own(row: (pattern: String, count: Int)) async throws {
    for changed in [[], [5]] as [Set<Int>] {
      tree.source.write(DeltaTree.script(7, changed: changed), to: "js/common.js")
      _ = try await tree.collect {
        $0.dictionaries = [SiteDictionary("js/common.js", for: row.pattern)]
      }
    }
    let file = try tree.manifest().files[try tree.published("js/common.js")]
    #expect(file?.deltas.count == row.count)
  }

  @Test(
    "the URL of an index page is that of its directory",
    arguments: [
      ("index.html", "/static/*"), ("shop/index.html", "/static/shop/*"),
      ("*/index.html", "/static/*/*"), ("my-index.html", "/static/my-index*"),
      ("page.html", "/static/page*"), ("*.html", "/static/*"),
    ]
  )
  func pages(row: (pattern: String, match: String)) async throws {
    let dictionaries = [SiteDictionary("js/common.js", for: row.pattern)]
    try await release(100, dictionaries)
    let common = try answer(try tree.published("js/common.js"), with: nil)
    let value = "match=\"\(row.match)\", match-dest=(\"document\" \"frame\" \"iframe\")"
    #expect(field("Use-As-Dictionary", of: common) == value)
  }

  @Test("a client with the dictionary of the last release gets a delta from that")
  func succession() async throws {
    try await release(100)
    let old = try #require(try tree.manifest().files[try tree.published("js/common.js")]).sha256
    try await release(100 - 1)
    try await release(100)
    tree.source.write(DeltaTree.script(100, changed: [1]), to: "js/common.js")
    _ = try await tree.collect {
      $0.dictionaries = [SiteDictionary("js/common.js", for: "js/*.js")]
    }
    let current = try tree.manifest().files[try tree.published("js/a.js")]
    #expect(current?.deltas.compactMap(\.dictionary).contains(old) == true)
  }

  @Test("a former dictionary leaves no files")
  func removed() async throws {
    try await release(100)
    #expect(!tree.deltaFiles.isEmpty)
    try await release(100, [])
    #expect(tree.deltaFiles.isEmpty)
    #expect(try await RootCheck(root: BytePath(tree.root.path)).run().problems.isEmpty)
  }

  @Test(
    "an invalid dictionary is wrong use",
    arguments: [
      ("js/none.js", "*.js"), ("js/common.js", ""), ("js/common.js", "/static/*"),
      ("js/common.js", "a?.js"), ("js/common.js", "ü*"),
    ]
  )
  func refused(row: (file: String, pattern: String)) async throws {
    await #expect(throws: CollectError.self) {
      try await release(100, [SiteDictionary(BytePath(row.file), for: row.pattern)])
    }
    #expect(tree.root.read("staticd.json") == nil)
  }
}
