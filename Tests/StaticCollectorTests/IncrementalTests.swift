import Foundation
import StaticAssets
import StaticCollector
import TestSupport
import Testing

/// Runs after the first one with a cache: without changes nothing is done, and every change is
/// detected, even a disguised one.
@Suite struct IncrementalTests {
  private final class Site: Sendable {
    let tree = CollectedTree()
    let cache = TemporaryDirectory()

    init() {
      let large = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
      tree.source.write("@import 'b.css';", to: "d/a.css")
      tree.source.write(String(repeating: "b {}\n", count: 100), to: "d/b.css")
      tree.source.write(String(repeating: "x {}\n@import 'b.css';\n", count: 500), to: "d/c.css")
      tree.source.write(String(repeating: "x y\n", count: 2000), to: "m.txt")
      tree.source.write("text", to: "t.txt")
      tree.source.write(large, to: "large.jpg")
      tree.source.write(large, to: "large.bin")
    }

    func collect(into root: TemporaryDirectory? = nil) async throws(CollectError) -> CollectReport {
      try await tree.report {
        $0.root = BytePath((root ?? tree.root).path)
        $0.codings = [.brotli, .gzip]
        $0.cache = CacheOptions(directory: BytePath(cache.path))
      }
    }

    /// The time of the last change to the root's entries, which every run that examines the files
    /// changes.
    func rootTime() -> timespec {
      var status = stat()
      precondition(stat(tree.root.path, &status) == 0)
      return status.st_mtim
    }

    /// Overwrites a file with the same size and restores its modification time.
    func disguise(_ directory: TemporaryDirectory, _ name: String) {
      var status = stat()
      precondition(stat(directory.path(name), &status) == 0)
      let bytes = directory.read(name) ?? []
      directory.write(bytes.map { $0 == 0x78 ? 0x79 : 0x78 }, to: name)
      setTime(directory, name, status.st_mtim)
    }

    func setTime(_ directory: TemporaryDirectory, _ name: String, _ time: timespec) {
      var times = [time, time]
      precondition(utimensat(AT_FDCWD, directory.path(name), &times, 0) == 0)
    }
  }

  /// A change of a site between two runs.
  private struct Change: Sendable {
    let name: String
    let apply: @Sendable (Site) throws -> Void

    init(_ name: String, _ apply: @escaping @Sendable (Site) throws -> Void) {
      self.name = name
      self.apply = apply
    }
  }

  private static let changes: [Change] = [
    Change("nothing") { _ in },
    Change("a new file") { $0.tree.source.write("new", to: "d/new.txt") },
    Change("same size, same time") { $0.disguise($0.tree.source, "t.txt") },
    Change("a middle file of the same size and time") { $0.disguise($0.tree.source, "m.txt") },
    Change("references, same size, same time") { $0.disguise($0.tree.source, "d/c.css") },
    Change("references of another file") {
      $0.tree.source.write("c {}", to: "d/b.css")
      $0.setTime($0.tree.source, "d/b.css", timespec(tv_sec: 1000, tv_nsec: 0))
    },
    Change("names exchanged") {
      rename($0.tree.source.path("d/c.css"), $0.tree.source.path("d/x.css"))
      rename($0.tree.source.path("m.txt"), $0.tree.source.path("d/c.css"))
      rename($0.tree.source.path("d/x.css"), $0.tree.source.path("m.txt"))
    },
    Change("a large file of the same size and time") { $0.disguise($0.tree.source, "large.jpg") },
    Change("a large file, compressed") { $0.disguise($0.tree.source, "large.bin") },
    Change("older than its copy") {
      $0.tree.source.write("tEXT", to: "t.txt")
      $0.setTime($0.tree.source, "t.txt", timespec(tv_sec: 1000, tv_nsec: 0))
    },
    Change("replaced by an older file of the same size") {
      $0.tree.source.write("tEXT", to: "u.txt")
      $0.setTime($0.tree.source, "u.txt", timespec(tv_sec: 1000, tv_nsec: 0))
      rename($0.tree.source.path("u.txt"), $0.tree.source.path("t.txt"))
    },
    Change("a target of a link") {
      try FileManager.default.removeItem(atPath: $0.tree.source.path("t.txt"))
      $0.cache.write("tEXT", to: "elsewhere.txt")
      $0.tree.source.link("t.txt", to: $0.cache.path("elsewhere.txt"))
    },
    Change("an import") { $0.tree.source.write("/* now longer */", to: "d/b.css") },
    Change("an original in the root") { $0.disguise($0.tree.root, "t.txt") },
    Change("a large original in the root") { $0.disguise($0.tree.root, "large.jpg") },
    Change("a variant in the root") { $0.disguise($0.tree.root, "d/b.css.br") },
    Change("a manifest") { $0.disguise($0.tree.root, "staticfiles.json") },
    Change("our manifest") { $0.tree.root.write("{", to: "staticd.json") },
    Change("a mode in the root") { chmod($0.tree.root.path("t.txt"), 0o600) },
    Change("a missing variant") {
      try FileManager.default.removeItem(atPath: $0.tree.root.path("d/b.css.gz"))
    },
    Change("a missing hashed file") { site in
      let name = try #require(try site.tree.paths()["large.jpg"])
      try FileManager.default.removeItem(atPath: site.tree.root.path(name))
    },
    Change("a link in place of a file in the root") {
      $0.cache.write("text", to: "elsewhere.txt")
      try FileManager.default.removeItem(atPath: $0.tree.root.path("t.txt"))
      $0.tree.root.link("t.txt", to: $0.cache.path("elsewhere.txt"))
    },
    Change("a damaged record of the last run") { site in
      for name in site.cache.files(below: "runs") {
        let bytes = site.cache.read("runs/\(name)") ?? []
        site.cache.write(bytes.dropLast(), to: "runs/\(name)")
      }
      site.disguise(site.tree.source, "t.txt")
    },
    Change("the cache gone") { try FileManager.default.removeItem(atPath: $0.cache.path) },
  ]

  @Test("changes are detected, and unchanged sites cost nothing")
  func changes() async throws {
    let sites = Self.changes.map { _ in Site() }
    // Files changed within the last seconds are read again by every run.
    for site in sites { site.tree.source.settle() }
    for (change, site) in zip(Self.changes, sites) {
      let first = try await site.collect()
      let before = site.rootTime()
      let second = try await site.collect()
      let after = site.rootTime()
      #expect(before.tv_sec == after.tv_sec && before.tv_nsec == after.tv_nsec)
      #expect(second.copiedCount == 0)
      #expect(second.unmodifiedCount == first.copiedCount)
      #expect(second.postProcessedCount == first.postProcessedCount)
      #expect(second.codings[.brotli]?.byteCount == first.codings[.brotli]?.byteCount)

      try change.apply(site)
      // Another root has no record of its own.
      let other = TemporaryDirectory()
      _ = try await site.collect(into: other)
      _ = try await site.collect()
      let fresh = TemporaryDirectory()
      _ = try await site.tree.report {
        $0.root = BytePath(fresh.path)
        $0.codings = [.brotli, .gzip]
      }
      for name in fresh.files() where name != "staticd.json" {
        #expect(other.read(name) == fresh.read(name), "\(change.name), other root: \(name)")
        let path = site.tree.root.path(name)
        #expect(site.tree.root.read(name) == fresh.read(name), "\(change.name): \(name)")
        var status = stat()
        #expect(lstat(path, &status) == 0 && status.st_mode == S_IFREG | 0o644, "\(change.name)")
      }
    }
  }

  @Test(
    "a file rewritten at once, with the same size and time, is detected",
    arguments: [("t.txt", 1), ("m.txt", 5000), ("d/c.css", 5000)]
  )
  func unsettled(name: String, count: Int) async throws {
    let site = Site()
    for turn in 0..<30 {
      let text = String(repeating: turn % 2 == 0 ? "even" : "odd!", count: count)
      site.tree.source.write(text, to: name)
      site.setTime(site.tree.source, name, timespec(tv_sec: 1000, tv_nsec: 0))
      _ = try await site.collect()
      #expect(site.tree.root.text(name) == text)
    }
  }

  @Test("changed options are applied")
  func options() async throws {
    let site = Site()
    site.tree.source.settle()
    for _ in 0..<2 { _ = try await site.collect() }
    _ = try await site.tree.report {
      $0.cache = CacheOptions(directory: BytePath(site.cache.path))
      $0.fileMode = 0o640
    }
    let attributes = try FileManager.default.attributesOfItem(atPath: site.tree.root.path("t.txt"))
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    #expect(site.tree.root.read("d/b.css.br") == nil)
    let report = try await site.tree.report {
      $0.cache = CacheOptions(directory: BytePath(site.cache.path))
      $0.fileMode = 0o640
      $0.ignored = IgnorePatterns(["large.*"])
    }
    #expect(report.unmodifiedCount == 5)
  }
}
