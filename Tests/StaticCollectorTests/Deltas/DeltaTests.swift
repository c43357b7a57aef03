import Foundation
import StaticAssets
import StaticCollector
import TestSupport
import Testing

/// Deltas of a release: which are created, their content, and when they are removed.
@Suite struct DeltaTests {
  private let tree = DeltaTree()

  /// Publishes a release with these lines of `js/app.js` changed; returns its name.
  @discardableResult
  private func release(
    _ changed: Set<Int>,
    _ change: (inout CollectOptions) -> Void = { _ in }
  ) async throws -> String {
    tree.source.write(DeltaTree.script(1, changed: changed), to: "js/app.js")
    _ = try await tree.collect(change)
    return try tree.published("js/app.js")
  }

  @Test("a changed file has a delta from each of the two previous releases, which decodes to it")
  func made() async throws {
    var names: [String] = []
    for changed in [[], [3], [3, 200], [3, 200, 399]] as [Set<Int>] {
      names.append(try await release(changed))
    }
    let manifest = try tree.manifest()
    #expect(manifest.deltas == 2)
    let file = try #require(manifest.files[names[3]])
    let dictionaries = try names[1...2].map { try #require(manifest.files[$0]).sha256 }
    #expect(Set(file.deltas.compactMap(\.dictionary)) == Set(dictionaries))
    #expect(file.deltas.map(\.file) == file.deltas.map(\.file).sorted())
    for delta in file.deltas {
      let digest = try #require(delta.dictionary)
      #expect(delta.file == "\(names[3]).\(digest.prefix(12)).dcz")
      let bytes = try #require(tree.root.read(delta.file))
      #expect(bytes.count == delta.bytes)
      #expect(bytes.count < 400)
      let old = try #require(names.first { manifest.files[$0]?.sha256 == digest })
      let dictionary = try #require(tree.root.read(old))
      let decoded = DeltaTree.decode(bytes, dictionary: dictionary, digest: digest)
      let isSame = decoded == tree.root.read(names[3])
      #expect(isSame)
      let isDecoded =
        DeltaTree.decode(bytes, dictionary: dictionary.reversed(), digest: digest) != nil
      #expect(!isDecoded, "the checksum shows another dictionary")
    }
    #expect(manifest.files["js/app.js"]?.deltas.isEmpty == true)
    #expect(try await RootCheck(root: BytePath(tree.root.path)).run().problems.isEmpty)
  }

  @Test("an unchanged file has no delta; a restored one has a delta from the release between")
  func comesBack() async throws {
    tree.source.write(DeltaTree.script(2), to: "js/still.js")
    let first = try await release([])
    #expect(tree.deltaFiles.isEmpty)
    let second = try await release([7])
    #expect(try await release([]) == first)
    let manifest = try tree.manifest()
    #expect(manifest.files[first]?.deltas.map(\.dictionary) == [manifest.files[second]?.sha256])
    #expect(manifest.files[try tree.published("js/still.js")]?.deltas.isEmpty == true)
  }

  @Test("only files served with Use-As-Dictionary are dictionaries")
  func offered() async throws {
    let names = [
      "a.bin", "a.pdf", "a.glb", "facade1e.js", "8f3d2c1a.js", "a.css", "a.mjs", "a.svg",
    ]
    for changed in [[], [3]] as [Set<Int>] {
      for (number, name) in names.enumerated() {
        let text = DeltaTree.script(UInt64(number + 2), changed: changed)
        tree.source.write(name.hasSuffix(".css") ? "/* \(text) */" : text, to: name)
      }
      try await release(changed)
    }
    let manifest = try tree.manifest()
    let table = try FileTable(root: tree.root.path)
    for (name, file) in manifest.files where name.hasPrefix("8f3d2c1a") || !file.deltas.isEmpty {
      guard file.release == manifest.releases.first else { continue }
      for delta in file.deltas {
        let old = manifest.files.first { $0.value.sha256 == delta.dictionary }?.key ?? ""
        let request = try #require(ParsedRequest(method: "GET", target: "/static/\(old)"))
        let fields = table.response(to: request)?.fields.map(\.name) ?? []
        #expect(fields.contains("Use-As-Dictionary"), "\(name) from \(old)")
      }
    }
    let withDeltas = Set(manifest.files.filter { !$0.value.deltas.isEmpty }.map(\.value.name))
    #expect(withDeltas == ["a.css", "a.mjs", "a.svg", "js/app.js"])
  }

  @Test(
    "a manifest that names a file outside of the root causes no removal there",
    arguments: ["../NAME/app.js", "/PATH/app.js", "js/../../NAME/app.js"]
  )
  func outside(name: String) async throws {
    try await release([])
    let other = TemporaryDirectory()
    let digest = String(repeating: "a", count: 64)
    let target = name.replacingOccurrences(of: "/PATH", with: other.path)
      .replacingOccurrences(of: "NAME", with: URL(fileURLWithPath: other.path).lastPathComponent)
    let outside = "app.js.\(digest.prefix(12)).dcz"
    let delta = "\(target).\(digest.prefix(12)).dcz"
    other.write("mine", to: outside)
    var manifest =
      try JSONSerialization.jsonObject(with: Data(tree.root.read("staticd.json") ?? []))
      as? [String: Any] ?? [:]
    var files = manifest["files"] as? [String: Any] ?? [:]
    var file = files["js/app.js"] as? [String: Any] ?? [:]
    file["name"] = target
    file["codings"] = [
      ["coding": "dcz", "file": delta, "bytes": 4, "md5": digest.prefix(32), "dictionary": digest]
    ]
    files[target] = file
    manifest["files"] = files
    tree.root.write(
      Array(try JSONSerialization.data(withJSONObject: manifest)),
      to: "staticd.json"
    )
    for changed in [[3], [5], [7], [9]] as [Set<Int>] { _ = try? await release(changed) }
    #expect(other.text(outside) == "mine")
  }

  @Test("a listed delta that is missing is reported, and explained")
  func missing() async throws {
    for changed in [[], [3]] as [Set<Int>] { try await release(changed) }
    let name = try tree.published("js/app.js")
    let delta = try #require(tree.deltaFiles.first)
    tree.root.remove(delta)
    let table = try FileTable(root: tree.root.path)
    #expect(
      table.warnings == ["'\(delta)' is listed in staticd.json and is not there; not served"]
    )
    let request = "GET /static/\(name) HTTP/1.1\r\nHost: x\r\nAvailable-Dictionary: :AA==:\r\n\r\n"
    let lines = table.explain(Array(request.utf8)).steps.map { "\($0)" }.joined()
    #expect(lines.contains("there is no delta of the file that can be served"), "\(lines)")
  }

  @Test("a fresh root has the deltas from carried releases")
  func carried() async throws {
    for changed in [[], [3]] as [Set<Int>] { try await release(changed) }
    let earlier = DirectoryStore(BytePath(tree.root.path))
    let fresh = DeltaTree()
    fresh.source.write(DeltaTree.script(1, changed: [3, 200]), to: "js/app.js")
    _ = try await fresh.collect { $0.earlierReleases = [EarlierRelease(earlier)] }
    // The same release in the root of the previous ones.
    let name = try await release([3, 200])
    let deltas = try #require(try tree.manifest().files[name]?.deltas.map(\.file))
    #expect(deltas.count == 2)
    #expect(try fresh.manifest().files[name]?.deltas.map(\.file) == deltas)
    #expect(fresh.deltaFiles == deltas)
    for delta in deltas { #expect(fresh.root.read(delta) == tree.root.read(delta)) }
    #expect(try await RootCheck(root: BytePath(fresh.root.path)).run().problems.isEmpty)
  }

  @Test("a fresh root with names that --immutable keeps matches its manifest")
  func carriedImmutable() async throws {
    tree.source.write(DeltaTree.script(1), to: "js/app.8f3d2c1a.js")
    _ = try await tree.collect { $0.hashedNames = [.glob("*")] }
    let fresh = DeltaTree()
    fresh.source.write(DeltaTree.script(1, changed: [3]), to: "js/app.9a4e3d2b.js")
    _ = try await fresh.collect {
      $0.hashedNames = [.glob("*")]
      $0.earlierReleases = [EarlierRelease(DirectoryStore(BytePath(tree.root.path)))]
    }
    #expect(fresh.root.read("js/app.8f3d2c1a.js") != nil)
    #expect(try await RootCheck(root: BytePath(fresh.root.path)).run().problems.isEmpty)
  }

  @Test("deltas are removed with the release of their dictionary", arguments: [1, 2, 3])
  func pruned(kept: Int) async throws {
    for changed in [[], [3], [3, 200], [3, 200, 399]] as [Set<Int>] {
      try await release(changed) { $0.keptReleaseCount = kept }
    }
    let manifest = try tree.manifest()
    let contents = Set(manifest.files.values.map(\.sha256))
    let listed = manifest.files.values.flatMap(\.deltas)
    #expect(Set(listed.map(\.file)) == Set(tree.deltaFiles))
    #expect(listed.allSatisfy { contents.contains($0.dictionary ?? "") })
    let current = try #require(manifest.files[try tree.published("js/app.js")])
    #expect(current.deltas.count == kept - 1)
    #expect(try await RootCheck(root: BytePath(tree.root.path)).run().problems.isEmpty)
  }

  @Test(
    "the configured number of deltas, and none without",
    arguments: [
      (0, [.brotli, .dictionaryZstandard], 0), (1, [.brotli, .dictionaryZstandard], 1),
      (9, [.brotli, .dictionaryZstandard], 2), (2, [.brotli, .gzip], 0),
      (2, [.dictionaryZstandard], 2), (2, [], 0),
    ] as [(Int, [ContentCoding], Int)]
  )
  func wanted(row: (count: Int, codings: [ContentCoding], expected: Int)) async throws {
    var name = ""
    for changed in [[], [3], [3, 200]] as [Set<Int>] {
      name = try await release(changed) {
        $0.deltaReleaseCount = row.count
        $0.codings = row.codings
      }
    }
    let manifest = try tree.manifest()
    #expect(manifest.files[name]?.deltas.count == row.expected)
    #expect(tree.deltaFiles.count >= row.expected)
    #expect((manifest.deltas ?? 0 > 0) == (row.expected > 0))
  }

  @Test("deltas that are no longer configured are removed")
  func unwanted() async throws {
    try await release([])
    try await release([3])
    #expect(tree.deltaFiles.count == 1)
    try await release([3]) { $0.deltaReleaseCount = 0 }
    #expect(tree.deltaFiles.isEmpty)
    try await release([3])
    #expect(tree.deltaFiles.count == 1)
  }

  @Test("a delta that saves little is not kept")
  func ineffective() async throws {
    try await release([])
    try await release(Set(0..<370))
    #expect(tree.deltaFiles.isEmpty)
    // Small files save less than 1 KiB.
    tree.source.write(DeltaTree.script(3, lineCount: 40), to: "js/small.js")
    _ = try await tree.collect()
    tree.source.write(DeltaTree.script(3, lineCount: 40, changed: [1]), to: "js/small.js")
    _ = try await tree.collect()
    #expect(!tree.deltaFiles.contains { $0.contains("small") })
  }

  @Test("the same bytes with any number of jobs, with and without a cache, and in a second run")
  func deterministic() async throws {
    let cache = TemporaryDirectory()
    var roots: [[String: [UInt8]]] = []
    for (jobs, isCached) in [(1, false), (4, true), (3, true)] {
      let tree = DeltaTree()
      for changed in [[], [3], [3, 200]] as [Set<Int>] {
        for number in 0..<8 {
          let name = "js/\(number).js"
          tree.source.write(DeltaTree.script(UInt64(number), changed: changed), to: name)
        }
        for _ in 0..<2 {
          _ = try await tree.collect {
            $0.jobs = jobs
            if isCached { $0.cache = CacheOptions(directory: BytePath(cache.path)) }
          }
        }
      }
      let files = tree.root.files().map { ($0, tree.root.read($0) ?? []) }
      roots.append(Dictionary(uniqueKeysWithValues: files))
    }
    #expect(roots[0].keys.filter { $0.hasSuffix(".dcz") }.count == 24)
    #expect(roots[0] == roots[1])
    #expect(roots[0] == roots[2])
  }

  @Test("an old file that was edited by hand is not used as a dictionary")
  func edited() async throws {
    let first = try await release([])
    var bytes = try #require(tree.root.read(first))
    bytes[100] ^= 1
    tree.root.write(bytes, to: first)
    try await release([3])
    #expect(tree.deltaFiles.isEmpty)
    // Nor is a missing file, or one replaced by a link to the same content.
    let second = try tree.published("js/app.js")
    tree.root.rename(second, to: "elsewhere.js")
    tree.root.link(second, to: "../elsewhere.js")
    try await release([3, 4])
    #expect(tree.deltaFiles.isEmpty)
  }

  @Test("a bundler's file is matched by its content under its new name")
  func similar() async throws {
    // Two files of one pattern, whose hashes do not show which is which.
    let names = [
      ["index-BKd3QVhN.js", "index-Dq8sT1uZ.js"], ["index-A1b2C3d4.js", "index-Zz9Yy8Xx.js"],
    ]
    for (release, changed) in [[], [5]].enumerated() {
      for (number, name) in names[release].enumerated() {
        let seed = UInt64(release == 0 ? number : 1 - number) + 10
        tree.source.write(DeltaTree.script(seed, changed: Set(changed)), to: "assets/\(name)")
      }
      _ = try await tree.collect()
      if release == 0 { for name in names[0] { tree.source.remove("assets/\(name)") } }
    }
    let manifest = try tree.manifest()
    for (new, old) in zip(names[1], names[0].reversed()) {
      let file = try #require(manifest.files[try tree.published("assets/\(new)")])
      let partner = manifest.files.values.first {
        $0.name == "assets/\(old)" && $0.sha256 != file.sha256
      }
      #expect(file.deltas.map(\.dictionary) == [partner?.sha256], "\(new)")
    }
    _ = try await tree.collect()
    #expect(tree.deltaFiles.count == 2)
  }

  @Test("the reported download size of a deploy for returning visitors")
  func told() async throws {
    try await release([])
    tree.source.write(DeltaTree.script(1, changed: [3]), to: "js/app.js")
    let report = try await tree.collect()
    let text = report.description
    #expect(text.contains("1 .dcz ("), "\(text)")
    #expect(text.contains("for visitors of the last release"), "\(text)")
    #expect(text.contains("js/app.js "), "\(text)")
    let json = String(decoding: report.json(), as: UTF8.self)
    #expect(json.contains("\"deltas\": [{\"from\": \"js/app."), "\(json)")
  }

  @Test(
    "damage is found",
    arguments: [
      ("flip", "its content is not the one in staticd.json"), ("remove", "cannot"),
      ("swap", "its content is not the one in staticd.json"),
    ]
  )
  func checked(row: (damage: String, text: String)) async throws {
    try await release([])
    try await release([3])
    let name = try #require(tree.deltaFiles.first)
    var bytes = try #require(tree.root.read(name))
    switch row.damage {
    case "flip":
      bytes[60] ^= 1
      tree.root.write(bytes, to: name)
    case "remove": tree.root.remove(name)
    default: tree.root.write(bytes + [0], to: name)
    }
    let problems = try await RootCheck(root: BytePath(tree.root.path)).run().problems
    #expect(problems.count == 1)
    #expect(problems.first.map { $0.file == BytePath(name) && $0.text.contains(row.text) } == true)
  }

  @Test("a delta that no manifest lists is reported")
  func stray() async throws {
    let name = try await release([])
    tree.root.write("x", to: "\(name).0123456789ab.dcz")
    let problems = try await RootCheck(root: BytePath(tree.root.path)).run().problems
    #expect(problems.map(\.text) == ["it has a hashed name, and no manifest lists it; remove it"])
  }
}
