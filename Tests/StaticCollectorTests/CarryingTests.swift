import Foundation
import StaticAssets
import StaticCollector
import Synchronization
import TestSupport
import Testing

/// Hashed files of earlier releases that are carried over into a fresh root.
///
/// Goal: a fresh root has the same files of earlier releases as a root that has collected all of
/// them, no others, and no unverified byte.
@Suite struct CarryingTests {
  private let earlier = CollectedTree()
  private let later = CollectedTree()

  private func text(_ word: String) -> String { String(repeating: "\(word) {}\n", count: 60) }

  /// Publishes a release into the earlier root; returns the hashed name of `d/a.css`.
  private func release(_ word: String, keeping count: Int = 3) async throws -> String {
    earlier.source.write(text(word), to: "d/a.css")
    earlier.source.write("same", to: "same.txt")
    _ = try await earlier.report {
      $0.codings = [.brotli, .gzip]
      $0.keptReleaseCount = count
    }
    return try #require(try earlier.paths()["d/a.css"])
  }

  private func carry(
    _ stores: [any ReleaseStore],
    isOptional: Bool = false,
    _ change: (inout CollectOptions) -> Void = { _ in }
  ) async throws(CollectError) -> CollectReport {
    later.source.write("same", to: "same.txt")
    return try await later.report {
      $0.codings = [.brotli, .gzip]
      $0.earlierReleases = stores.map { EarlierRelease($0, isOptional: isOptional) }
      change(&$0)
    }
  }

  private var store: DirectoryStore { DirectoryStore(BytePath(earlier.root.path)) }

  private func releases(_ tree: CollectedTree) throws -> [String] {
    let json = try JSONSerialization.jsonObject(with: Data(tree.root.read("staticd.json") ?? []))
    return (json as? [String: Any])?["releases"] as? [String] ?? []
  }

  @Test(
    "a fresh root has the files of a root that has collected all releases",
    arguments: [1, 2, 3, 4]
  )
  func fresh(count: Int) async throws {
    var names: [String] = []
    for word in ["one", "two", "three"] { names.append(try await release(word)) }
    let before = earlier.root.files().filter { !$0.hasSuffix(".json") }
    later.source.write(text("four"), to: "d/a.css")
    let report = try await carry([store]) { $0.keptReleaseCount = count }
    names.append(try #require(try later.paths()["d/a.css"]))
    // The fourth release in the root of the others, for comparison.
    _ = try await release("four", keeping: count)
    let hashed = { (tree: CollectedTree) in
      tree.root.files().filter {
        $0.contains(".") && $0.hasPrefix("./d/a.") || $0.hasPrefix("d/a.")
      }
      .sorted()
    }
    #expect(hashed(later) == hashed(earlier))
    #expect(try releases(later) == releases(earlier))
    #expect(later.root.read("staticd.json") == earlier.root.read("staticd.json"))
    #expect(report.carried.count == min(count, 4) - 1)
    for name in names.dropLast().suffix(count - 1) {
      for suffix in ["", ".br", ".gz"] {
        #expect(later.root.read(name + suffix) == earlier.root.read(name + suffix), "\(name)")
      }
    }
    #expect(!before.isEmpty)
    #expect(try await RootCheck(root: BytePath(later.root.path)).run().problems.isEmpty)
  }

  @Test("the next release prunes carried files like its own")
  func pruned() async throws {
    let first = try await release("one")
    later.source.write(text("two"), to: "d/a.css")
    _ = try await carry([store]) { $0.keptReleaseCount = 2 }
    #expect(later.root.read(first) != nil)
    later.source.write(text("three"), to: "d/a.css")
    let report = try await carry([]) { $0.keptReleaseCount = 2 }
    #expect(report.pruned.map(\.description) == [first, "\(first).br", "\(first).gz"].sorted())
    #expect(later.root.read(first) == nil)
  }

  @Test("files that the root has are not read again")
  func present() async throws {
    let name = try await release("one")
    later.source.write(text("two"), to: "d/a.css")
    let root = earlier.root
    let names = Mutex<[String]>([])
    let counting = AnsweringStore { name in
      names.withLock { $0.append(name) }
      return root.read(name)
    }
    #expect(try await carry([counting]).carried.map(\.description) == [name])
    #expect(names.withLock { $0 } == ["staticd.json", name])
    names.withLock { $0 = [] }
    later.source.write(text("three"), to: "d/a.css")
    #expect(try await carry([counting]).carried.isEmpty)
    #expect(names.withLock { $0 } == ["staticd.json"])
    #expect(later.root.read(name) != nil)
  }

  @Test("Django's manifest alone is enough")
  func django() async throws {
    let name = try await release("one")
    earlier.root.remove("staticd.json")
    later.source.write(text("two"), to: "d/a.css")
    let report = try await carry([store])
    #expect(report.carried.map(\.description) == [name])
    #expect(later.root.text(name) == text("one"))
    #expect(later.root.read("\(name).br") != nil)
    #expect(try releases(later).count == 2)
  }

  @Test("a file of the new release takes precedence, as file and as directory")
  func conflicts() async throws {
    let name = try await release("one")
    later.source.write(text("two"), to: "d/a.css")
    later.source.write("mine", to: name)
    later.source.write("mine", to: "same.0123456789ab.txt/x")
    let report = try await carry([store])
    #expect(later.root.text(name) == "mine")
    #expect(report.carried.isEmpty)
    let other = TemporaryDirectory()
    // A manifest that names files which conflict with the new release.
    let names = [
      "d/a.css/x.900150983cd2.txt", "same.0123456789ab.txt", "../x.900150983cd2.txt",
      "staticd.json",
      "/etc/x.900150983cd2", ".staticd-x.900150983cd2.txt",
    ]
    let paths = names.enumerated().map { "\"f\($0.offset)\": \"\($0.element)\"" }
    other.write(
      "{\"paths\": {\(paths.joined(separator: ", "))}, \"version\": \"1.1\", \"hash\": \"x\"}",
      to: "staticfiles.json"
    )
    let answering = AnsweringStore { name in
      switch name {
      case "staticd.json": nil
      case "staticfiles.json": other.read("staticfiles.json")
      default: Array("abc".utf8)
      }
    }
    do {
      _ = try await carry([answering])
      Issue.record("not refused")
    } catch {
      // Only the name that does not contain the digest of "abc" is a problem.
      #expect("\(error)".contains("same.0123456789ab.txt"))
      #expect("\(error)".contains("1 problem"))
    }
    #expect(later.root.text("same.0123456789ab.txt/x") == "mine")
  }

  /// A fault of the earlier release.
  enum Fault: String, CaseIterable, Sendable {
    case otherContent, missingFile, otherManifest, cutManifest, noManifest, noDirectory

    /// Whether the fault is in the store, and not in one file.
    var isOfStore: Bool { self != .otherContent && self != .missingFile }
  }

  @Test(
    "nothing unverified enters the root; if optional, the release continues without it",
    arguments: Fault.allCases
  )
  func faults(fault: Fault) async throws {
    let name = try await release("one")
    let root = earlier.root
    switch fault {
    case .otherContent: root.write("changed", to: name)
    case .missingFile: root.remove(name)
    case .otherManifest:
      let text = try #require(root.text("staticd.json"))
      root.write(text.replacingOccurrences(of: "d/a.", with: "d/b."), to: "staticd.json")
    case .cutManifest:
      let bytes = try #require(root.read("staticd.json"))
      root.write(bytes.prefix(bytes.count / 2), to: "staticd.json")
    case .noManifest:
      root.remove("staticd.json")
      root.remove("staticfiles.json")
    case .noDirectory: break
    }
    let store =
      fault == .noDirectory ? DirectoryStore(BytePath(root.path + "/none")) : store
    later.source.write(text("two"), to: "d/a.css")
    do {
      _ = try await carry([store])
      Issue.record("not refused")
    } catch {
      switch error {
      case .unreachable(let text):
        #expect(fault.isOfStore)
        #expect(text.contains(store.place) && !text.contains("\n"), "\(text)")
      case .problems(let problems):
        #expect(!fault.isOfStore)
        #expect(problems.map(\.kind) == [.earlierRelease])
        #expect(problems.map(\.file) == [name])
      default: Issue.record("\(error)")
      }
    }
    #expect(later.root.files().filter { $0.hasSuffix(".css") }.isEmpty)
    let report = try await carry([store], isOptional: true)
    #expect(report.problems.map(\.severity) == [.warning])
    #expect(later.root.read(name) == nil)
    #expect(try later.paths()["d/a.css"] != nil)
  }

  @Test("a file missing in one store is read from another")
  func fallback() async throws {
    let name = try await release("one")
    let whole = TemporaryDirectory()
    for file in earlier.root.files() {
      whole.write(earlier.root.read(file) ?? [], to: file)
    }
    earlier.root.remove(name)
    later.source.write(text("two"), to: "d/a.css")
    let report = try await carry([store, DirectoryStore(BytePath(whole.path))])
    #expect(report.problems.isEmpty)
    #expect(later.root.read(name) == whole.read(name))
  }

  @Test(
    "a name of an earlier manifest that conflicts with the new root is left out",
    arguments: [
      "staticd.json/x.DIGEST.css", "staticfiles.json/x.DIGEST.css", "sub/.staticd-x.DIGEST.css",
      ".staticd-x.DIGEST.css", "a\\u0000b.DIGEST.css", "../x.DIGEST.css",
    ]
  )
  func badNames(name: String) async throws {
    let good = try await release("one")
    let content = try #require(earlier.root.read(good))
    let digest = String(good.dropFirst(4).prefix(12))
    let bad = name.replacingOccurrences(of: "DIGEST", with: digest)
    let other = MemoryReleases(
      manifest: """
        {"paths": {"x.css": "\(bad)", "d/a.css": "\(good)"}, "version": "1.1", "hash": "h"}
        """,
      content: content
    )
    later.source.write(text("two"), to: "d/a.css")
    _ = try await carry([other])
    #expect(later.root.read(good) == content)
    #expect(later.root.files().filter { $0.contains(digest) && !$0.contains(good) }.isEmpty)
    #expect(try await RootCheck(root: BytePath(later.root.path)).run().problems.isEmpty)
  }

  /// A store with a Django manifest, and one content under every other name.
  private struct MemoryReleases: ReleaseStore {
    let manifest: String
    let content: [UInt8]

    var place: String { "memory" }

    func read(_ name: BytePath) throws(ReleaseStoreError) -> [UInt8]? {
      if name == "staticd.json" { return nil }
      return name == "staticfiles.json" ? Array(manifest.utf8) : content
    }
  }

  @Test("files under their own names are not carried")
  func originals() async throws {
    earlier.source.write("gone", to: "gone.txt")
    let gone = try await release("one")
    _ = try await carry([store])
    #expect(later.root.read("gone.txt") == nil)
    #expect(later.root.read(gone) != nil)
  }

  @Test("a dry run reports the files to carry, and writes nothing")
  func dryRun() async throws {
    let name = try await release("one")
    let report = try await carry([store]) { $0.isDryRun = true }
    #expect(report.carried.map(\.description).contains(name))
    #expect(later.root.files().isEmpty)
  }

  @Test("a clearing run keeps the files it carries")
  func clearing() async throws {
    let name = try await release("one")
    later.source.write(text("two"), to: "d/a.css")
    later.root.write("x", to: "stray.txt")
    for _ in 0..<2 { _ = try await carry([store]) { $0.clearsRoot = true } }
    #expect(later.root.read(name) != nil)
    #expect(later.root.read("stray.txt") == nil)
    #expect(try releases(later).count == 2)
  }

  @Test("without hashed names nothing can be carried")
  func usage() async throws {
    await #expect(throws: CollectError.self) {
      _ = try await carry([store]) { $0.postProcesses = false }
    }
  }

  @Test("unhashed names with changed content are reported, by content and not by time")
  func changed() async throws {
    let (first, second) = (try await release("one"), { try await self.release("two") })
    #expect(first != "")
    _ = try await second()
    earlier.source.write("same", to: "same.txt")
    for name in ["new", "gone"] { earlier.source.write(name, to: "\(name).txt") }
    earlier.source.write(text("three"), to: "d/a.css")
    let report = try await earlier.report()
    #expect(report.changed.map(\.description) == ["d/a.css"])
    #expect(try await earlier.report { $0.namesEveryFile = true }.changed.isEmpty)
    // A fresh root compares with the release that it carries over.
    later.source.write(text("four"), to: "d/a.css")
    later.source.write("other", to: "new.txt")
    let other = try await carry([store])
    #expect(other.changed.map(\.description) == ["d/a.css", "gone.txt", "new.txt"])
    // An original stays until it is cleared.
    earlier.source.remove("gone.txt")
    #expect(try await earlier.report().changed.isEmpty)
    earlier.root.write("x", to: "CACHE/css/output.0123456789ab.css")
    let cleared = try await earlier.report { $0.clearsRoot = true }
    #expect(cleared.changed.map(\.description) == ["gone.txt"])
    // After a killed run the previous state is unknown.
    later.root.rename("staticd.json", to: ".staticd-history.json")
    let all = try await carry([])
    #expect(all.changed.map(\.description) == ["d/a.css", "new.txt", "same.txt"])
  }
}

/// A store that responds by a function.
private struct AnsweringStore: ReleaseStore {
  let place = "a store"
  let answer: @Sendable (String) -> [UInt8]?

  init(_ answer: @escaping @Sendable (String) -> [UInt8]?) { self.answer = answer }

  func read(_ name: BytePath) throws(ReleaseStoreError) -> [UInt8]? { answer(name.description) }
}
