import Foundation
import StaticAssets
import StaticCollector
import TestSupport
import Testing

/// Compressed results that are kept from run to run: used where they are what was written, made
/// anew where they are not.
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
      $0.root = FilePath(root.path)
      $0.codings = codings
      var options = CacheOptions(directory: FilePath(path ?? cache.path))
      options.byteCountMax = byteCountMax
      options.isRequired = isRequired
      $0.cache = options
    }
    let content = root.files().map { ($0, root.read($0) ?? []) }
    return (Dictionary(uniqueKeysWithValues: content), report)
  }

  /// The results in the cache.
  private var entries: [String] { cache.files(below: "results").map { "results/\($0)" } }

  private func setAge(of name: String, seconds: Double) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -seconds)],
      ofItemAtPath: cache.path(name)
    )
  }

  private func age(of name: String) throws -> Double {
    let attributes = try FileManager.default.attributesOfItem(atPath: cache.path(name))
    return try #require(attributes[.modificationDate] as? Date).timeIntervalSinceNow * -1
  }

  @Test("what is worth keeping and what is not is made once, and is the same the second time")
  func reuse() async throws {
    tree.source.write(String(repeating: "compressible ", count: 100), to: "a.css")
    tree.source.write((0..<500).map { _ in UInt8.random(in: 0...255) }, to: "random.bin")
    let first = try await collect().content
    #expect(entries.count == 2)
    let before = entries.map { cache.read($0) }
    for entry in entries { try setAge(of: entry, seconds: 100_000) }
    #expect(try await collect().content == first)
    // Used, and not written again: that would have made a new file with today's bytes.
    for entry in entries { #expect(try age(of: entry) < 1000) }
    #expect(entries.map { cache.read($0) } == before)
    #expect(first.keys.contains { $0.hasSuffix(".br") })
  }

  @Test("a change of any byte is noticed, and the result written anew", arguments: [0, 1, 2])
  func damage(phase: Int) async throws {
    tree.source.write(String(repeating: "compressible ", count: 100), to: "a.css")
    let good = try await collect().content
    let entry = try #require(entries.first)
    let bytes = try #require(cache.read(entry))
    for offset in stride(from: phase, to: bytes.count, by: 11) {
      var flipped = bytes
      flipped[offset] ^= 1 << UInt8(offset % 8)
      cache.write(flipped, to: entry)
      #expect(try await collect().content == good)
      #expect(cache.read(entry) == bytes, "flipped at \(offset)")
      cache.write(bytes.prefix(offset), to: entry)
      #expect(try await collect().content == good)
      #expect(cache.read(entry) == bytes, "cut at \(offset)")
    }
    cache.write(bytes + [0], to: entry)
    #expect(try await collect().content == good)
    #expect(cache.read(entry) == bytes)
  }

  @Test("a whole result under another content's name is not taken for that content's")
  func exchanged() async throws {
    tree.source.write(String(repeating: "compressible ", count: 100), to: "a.css")
    tree.source.write(String(repeating: "different ", count: 100), to: "b.css")
    let good = try await collect().content
    let bytes = entries.map { cache.read($0) ?? [] }
    cache.write(bytes[0], to: entries[1])
    #expect(try await collect().content == good)
    #expect(entries.map { cache.read($0) ?? [] } == bytes)
  }

  @Test("what stands in the way of a result, or cannot be read, is no failure")
  func obstructed() async throws {
    tree.source.write(String(repeating: "compressible ", count: 100), to: "a.css")
    let good = try await collect().content
    let entry = try #require(entries.first)
    try FileManager.default.removeItem(atPath: cache.path(entry))
    cache.write("x", to: "\(entry)/in the way")
    let again = try await collect()
    #expect(again.content == good)
    #expect(again.report.cacheFailure?.code == EISDIR)
  }

  @Test("each coding is kept by itself")
  func codings() async throws {
    tree.source.write(String(repeating: "compressible ", count: 100), to: "a.css")
    let gzip = try await collect(codings: [.gzip]).content
    let all = try await collect().content
    let bytes = entries.map { cache.read($0) }
    _ = try await collect(codings: [.brotli])
    _ = try await collect(codings: [.gzip])
    #expect(entries.map { cache.read($0) } == bytes)
    #expect(gzip["a.css.gz"] == all["a.css.gz"])
    #expect(gzip["a.css.br"] == nil)
    #expect(all["a.css.br"] != nil)
  }

  @Test("beyond the bound the results go that were not used for the longest time")
  func bound() async throws {
    for index in 0..<40 {
      tree.source.write(String(repeating: "text \(index) ", count: 100), to: "f\(index).txt")
    }
    _ = try await collect()
    #expect(entries.count == 40)
    let old = entries
    for (index, entry) in old.enumerated() {
      try setAge(of: entry, seconds: 10_000 + 1000 * Double(index))
    }
    tree.source.write(String(repeating: "one more ", count: 100), to: "g.txt")
    for index in 1..<40 {
      try FileManager.default.removeItem(atPath: tree.source.path("f\(index).txt"))
    }
    // Forty-one results of one block each where twenty have room.
    _ = try await collect(byteCountMax: 20 * 4096)
    let kept = Set(entries)
    #expect((10...20).contains(kept.count))
    #expect(kept.subtracting(old).count == 1)
    // The last ones of the old list are the oldest; the one that this run used is none of them.
    let oldestKept = try old.filter(kept.contains).map { try age(of: $0) }.max() ?? 0
    let goneIndices = old.indices.filter { !kept.contains(old[$0]) }
    #expect(goneIndices.allSatisfy { 10_000 + 1000 * Double($0) > oldestKept - 500 })
  }

  @Test("the runs that were not used for the longest time are forgotten")
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

  @Test("what a killed run left in the cache is removed a day later, and no sooner")
  func leftovers() async throws {
    cache.write("half", to: "scratch/old")
    cache.write("half", to: "scratch/new")
    try setAge(of: "scratch/old", seconds: 100_000)
    tree.source.write(String(repeating: "compressible ", count: 100), to: "a.css")
    _ = try await collect()
    #expect(cache.files(below: "scratch") == ["new"])
  }

  @Test("several runs at once share one cache")
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
    #expect(entries.count == 30)
    #expect(cache.files(below: "scratch").isEmpty)
  }

  @Test("a cache that cannot be had fails the run only if it was asked for")
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

  @Test("a cache inside a source or the root would be collected or published")
  func misplaced() async throws {
    tree.source.write("x", to: "a.css")
    for path in [tree.source.path("c/d"), tree.root.path, tree.root.path("c")] {
      for isRequired in [true, false] {
        let outcome = try? await tree.report {
          var options = CacheOptions(directory: FilePath(path))
          options.isRequired = isRequired
          $0.cache = options
        }
        #expect((outcome == nil) == isRequired)
        #expect(!tree.root.files().contains { $0.hasPrefix("c/") || $0.hasPrefix("results/") })
      }
    }
    #expect(tree.source.files() == ["a.css"])
  }
}
