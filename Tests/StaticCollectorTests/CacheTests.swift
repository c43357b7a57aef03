import Foundation
import StaticAssets
import StaticCollector
import TestSupport
import Testing

/// Compressed results that are cached between runs: used if they are intact, recomputed otherwise.
@Suite struct CacheTests {
  private let tree = CollectedTree()
  private let cache = TemporaryDirectory()

  /// Collects into a new root; returns the files in it.
  private func collect(
    codings: [ContentCoding] = [.brotli, .gzip],
    byteCountMax: Int64 = 1 << 30,
    isRequired: Bool = true,
    cacheAt path: String? = nil
  ) async throws -> (content: [String: [UInt8]], report: CollectReport) {
    let root = TemporaryDirectory()
    let report = try await tree.report {
      $0.root = BytePath(root.path)
      $0.codings = codings
      var options = CacheOptions(directory: BytePath(path ?? cache.path))
      options.byteCountMax = byteCountMax
      options.isRequired = isRequired
      $0.cache = options
    }
    let content = root.files().map { ($0, root.read($0) ?? []) }
    return (Dictionary(uniqueKeysWithValues: content), report)
  }

  /// The file with the results.
  private var pack: [UInt8]? { cache.read("pack") }

  /// The offsets of the records in the pack.
  private var records: [Int] {
    let (bytes, mark) = (pack ?? [], Array("staticd:".utf8))
    guard bytes.count >= mark.count else { return [] }
    return (0...(bytes.count - mark.count)).filter { bytes[$0...].starts(with: mark) }
  }

  /// The bytes of a record that identify its content: after the marker and the length.
  private func key(ofRecordAt start: Int) -> Range<Int> { (start + 16)..<(start + 48) }

  private func setAge(of name: String, seconds: Double) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -seconds)],
      ofItemAtPath: cache.path(name)
    )
  }

  private func write(texts numbers: some Sequence<Int>) {
    for name in tree.source.files() {
      try? FileManager.default.removeItem(atPath: tree.source.path(name))
    }
    for number in numbers {
      tree.source.write(String(repeating: "text \(number) ", count: 100), to: "f\(number).txt")
    }
  }

  @Test("results, compressible or not, are computed once and are the same the second time")
  func reuse() async throws {
    tree.source.write(String(repeating: "compressible ", count: 100), to: "a.css")
    tree.source.write((0..<500).map { _ in UInt8.random(in: 0...255) }, to: "random.bin")
    let first = try await collect().content
    #expect(first.keys.contains { $0.hasSuffix(".br") })
    #expect(records.count == 2)
    let before = pack
    #expect(try await collect().content == first)
    #expect(pack == before)
  }

  @Test("a pack without an index, or with an older one, is scanned")
  func olderIndex() async throws {
    write(texts: 0..<3)
    _ = try await collect()
    let index = try #require(cache.read("pack-index"))
    write(texts: 0..<6)
    let good = try await collect().content
    let before = pack
    for older in [index, Array(index.dropLast()), [], nil] {
      if let older {
        cache.write(older, to: "pack-index")
      } else {
        try FileManager.default.removeItem(atPath: cache.path("pack-index"))
      }
      #expect(try await collect().content == good)
      #expect(pack == before)
    }
  }

  @Test("a change of any byte is detected and repaired", arguments: ["pack", "pack-index"])
  func damage(file: String) async throws {
    write(texts: 0..<2)
    let good = try await collect().content
    let (pack, index) = (try #require(pack), try #require(cache.read("pack-index")))
    let bytes = file == "pack" ? pack : index
    for offset in stride(from: 0, to: bytes.count, by: 7) {
      var flipped = bytes
      flipped[offset] ^= 1 << UInt8(offset % 8)
      for damaged in [flipped, Array(bytes.prefix(offset))] {
        cache.write(pack, to: "pack")
        cache.write(index, to: "pack-index")
        cache.write(damaged, to: file)
        #expect(try await collect().content == good, "\(file) changed at \(offset)")
        let mended = self.pack
        #expect(try await collect().content == good)
        #expect(self.pack == mended, "\(file) changed at \(offset)")
      }
    }
  }

  @Test("records after a truncated record are not lost permanently")
  func garbage() async throws {
    write(texts: 0..<4)
    let good = try await collect().content
    let whole = try #require(pack)
    cache.write(whole + whole.suffix(100), to: "pack")
    write(texts: 0..<5)
    _ = try await collect()
    // The pack was rewritten without the garbage, and contains everything.
    #expect(records.count == 5)
    let before = pack
    write(texts: 0..<4)
    #expect(try await collect().content == good)
    #expect(pack == before)
  }

  @Test("an intact result under another content's key is not used")
  func exchanged() async throws {
    tree.source.write(String(repeating: "compressible ", count: 100), to: "a.css")
    tree.source.write(String(repeating: "different ", count: 100), to: "b.css")
    let good = try await collect().content
    var bytes = try #require(pack)
    let keys = records.map { key(ofRecordAt: $0) }
    let first = Array(bytes[keys[0]])
    bytes.replaceSubrange(keys[0], with: bytes[keys[1]])
    bytes.replaceSubrange(keys[1], with: first)
    for hasIndex in [true, false] {
      cache.write(bytes, to: "pack")
      if !hasIndex { try FileManager.default.removeItem(atPath: cache.path("pack-index")) }
      #expect(try await collect().content == good)
    }
  }

  @Test(
    "an obstructed or unreadable file is not an error",
    arguments: ["pack", "pack-index"]
  )
  func obstructed(file: String) async throws {
    tree.source.write(String(repeating: "compressible ", count: 100), to: "a.css")
    let good = try await collect().content
    try FileManager.default.removeItem(atPath: cache.path(file))
    cache.write("x", to: "\(file)/in the way")
    tree.source.write(String(repeating: "another ", count: 100), to: "b.css")
    let again = try await collect()
    #expect(again.content["a.css.br"] == good["a.css.br"])
    #expect(again.content["b.css.br"] != nil)
    #expect(again.report.cacheFailure?.code == EISDIR)
  }

  @Test("each coding is cached separately")
  func codings() async throws {
    tree.source.write(String(repeating: "compressible ", count: 100), to: "a.css")
    let gzip = try await collect(codings: [.gzip]).content
    let all = try await collect().content
    let before = pack
    _ = try await collect(codings: [.brotli])
    _ = try await collect(codings: [.gzip])
    #expect(pack == before)
    #expect(gzip["a.css.gz"] == all["a.css.gz"])
    #expect(gzip["a.css.br"] == nil)
    #expect(all["a.css.br"] != nil)
  }

  @Test("beyond the limit the least recently used results are removed")
  func bound() async throws {
    write(texts: 0..<40)
    _ = try await collect()
    #expect(records.count == 40)
    write(texts: 0..<10)
    _ = try await collect()
    write(texts: 40..<41)
    // The limit is half of the current size.
    let byteCountMax = Int64(try #require(pack).count / 2)
    _ = try await collect(byteCountMax: byteCountMax)
    #expect((11...20).contains(records.count))
    #expect(try #require(pack).count <= byteCountMax)
    var before = pack
    write(texts: 0..<10)
    _ = try await collect()
    #expect(pack == before, "used after the others, and still there")
    before = pack
    write(texts: 10..<20)
    _ = try await collect()
    #expect(pack != before, "not used for the longest time")
  }

  @Test("the least recently used runs are removed")
  func runs() async throws {
    for index in 0..<80 {
      cache.write("a run", to: "runs/\(index)")
      try setAge(of: "runs/\(index)", seconds: 1000 + Double(index))
    }
    tree.source.write("a {}", to: "a.css")
    _ = try await collect()
    let names = Set(cache.files(below: "runs"))
    #expect(names.count == 64)
    #expect(names.isSuperset(of: (0..<63).map { "\($0)" }))
  }

  @Test("leftovers of a killed run are removed from the cache after a day, and no sooner")
  func leftovers() async throws {
    cache.write("half", to: "scratch/old")
    cache.write("half", to: "scratch/new")
    try setAge(of: "scratch/old", seconds: 100_000)
    tree.source.write(String(repeating: "compressible ", count: 100), to: "a.css")
    _ = try await collect()
    #expect(cache.files(below: "scratch") == ["new"])
  }

  @Test("concurrent runs share one cache")
  func concurrent() async throws {
    for index in 0..<30 {
      tree.source.write(String(repeating: "text \(index) ", count: 100), to: "f\(index).txt")
    }
    let runs = self
    let outcomes = try await withThrowingTaskGroup(of: [String: [UInt8]].self) { group in
      for _ in 0..<4 { group.addTask { try await runs.collect().content } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.allSatisfy { $0 == outcomes[0] })
    #expect(cache.files(below: "scratch").isEmpty)
    let before = pack
    _ = try await collect()
    #expect(pack == before, "every result was kept by one of the runs")
  }

  @Test("an unusable cache fails the run only if it is required")
  func unusable() async throws {
    tree.source.write(String(repeating: "compressible ", count: 100), to: "a.css")
    let file = cache.write("a file", to: "file")
    for path in [file, "\(file)/below", "/proc/none"] {
      let outcome = try await collect(isRequired: false, cacheAt: path)
      #expect(outcome.content["a.css.br"] != nil)
      #expect(outcome.report.cacheFailure != nil)
      await #expect(throws: CollectError.self) { try await collect(cacheAt: path) }
    }
  }

  @Test("a cache inside a source or the root is refused: it would be collected or published")
  func misplaced() async throws {
    tree.source.write("x", to: "a.css")
    for path in [tree.source.path("c/d"), tree.root.path, tree.root.path("c")] {
      for isRequired in [true, false] {
        let outcome = try? await tree.report {
          var options = CacheOptions(directory: BytePath(path))
          options.isRequired = isRequired
          $0.cache = options
        }
        #expect((outcome == nil) == isRequired)
        #expect(!tree.root.files().contains { $0.hasPrefix("c/") || $0.hasPrefix("pack") })
      }
    }
    #expect(tree.source.files() == ["a.css"])
  }
}
