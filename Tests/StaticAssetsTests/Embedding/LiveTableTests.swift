import Foundation
import StaticAssets
import Synchronization
import TestSupport
import Testing

/// The table shared by servers, middleware and templates.
///
/// Goal: readers take no lock, never see a freed table and never keep one alive; of overlapping
/// reloads the last one applies; a file written since the table was built causes one rebuild.
@Suite struct LiveTableTests {
  private let directory = TemporaryDirectory()

  private func table(_ count: Int = 1) throws -> FileTable {
    for number in 0..<count { directory.write("x", to: "\(number).txt") }
    return try FileTable(root: directory.path)
  }

  @Test("threads that read while tables are replaced see whole tables, and old tables are freed")
  func replaces() throws {
    let first = try table()
    let assets = LiveTable(first)
    let isOver = Atomic<Bool>(false)
    let reads = Atomic<Int>(0)
    let (readerCount, replaceCount) = (8, 400)
    final class Kept: @unchecked Sendable {
      weak var table: FileTable?
      init(_ table: FileTable) { self.table = table }
    }
    let kept = Mutex<[Kept]>([])
    DispatchQueue.concurrentPerform(iterations: readerCount + 1) { number in
      if number == 0 {
        for _ in 0..<replaceCount {
          let next = try! FileTable(root: directory.path)
          kept.withLock { $0.append(Kept(next)) }
          assets.replace(with: next)
        }
        isOver.store(true, ordering: .releasing)
        return
      }
      repeat {
        let current = assets.current
        // A freed table has no file, if it can be read at all.
        precondition(current.fileCount == 1 && current.url(for: "0.txt") == "/static/0.txt")
        reads.wrappingAdd(1, ordering: .relaxed)
      } while !isOver.load(ordering: .acquiring)
    }
    #expect(reads.load(ordering: .relaxed) >= readerCount)
    let all = kept.withLock { $0 }
    #expect(all.count == replaceCount)
    #expect(all.dropLast().allSatisfy { $0.table == nil })
    #expect(all.last?.table === assets.current)
  }

  @Test("several threads replace tables while others read")
  func replacesFromManyThreads() throws {
    let tables = try (0..<4).map { _ in try table() }
    let assets = LiveTable(tables[0])
    DispatchQueue.concurrentPerform(iterations: 8) { number in
      for turn in 0..<2000 {
        if number < 3 {
          assets.replace(with: tables[(number + turn) % 4])
        } else {
          let current = assets.current
          precondition(tables.contains { $0 === current })
        }
      }
    }
    #expect(tables.contains { $0 === assets.current })
  }

  @Test("observers get the table at once and each later one, until they return false")
  func observers() throws {
    let assets = LiveTable(try table())
    let seen = Mutex<[Int]>([])
    assets.observe { table in
      seen.withLock {
        $0.append(table.fileCount)
        return $0.count < 3
      }
    }
    for count in 2...4 {
      _ = try table(count)
      try assets.reloadBlocking()
    }
    #expect(seen.withLock { $0 } == [1, 2, 3])
    #expect(assets.current.fileCount == 4)
  }

  @Test("an asynchronous reload does not block its task's thread, and a failed one changes nothing")
  func reloadsAsynchronously() async throws {
    let assets = LiveTable(try table())
    _ = try table(2)
    try await assets.reload()
    #expect(assets.current.fileCount == 2)
    let current = assets.current
    directory.write("{", to: "staticfiles.json")
    await #expect(throws: AssetError.self) { try await assets.reload() }
    #expect(assets.current === current)
  }

  @Test("development serves the sources, the first one wins, and nothing is cached")
  func development() throws {
    let other = TemporaryDirectory()
    directory.write("first", to: "a.css")
    other.write("second!", to: "a.css")
    other.write("b", to: "b.js")
    var options = FileTable.Options(prefix: "/assets/")
    options.immutableNames = [.vite]
    let assets = try LiveTable(sources: [directory.path, other.path], options: options)
    #expect(assets.isDevelopment)
    let table = assets.current
    for (target, byteCount) in [
      ("/assets/a.css", 5), ("/assets/a.5d41402abc4b.css", 5), ("/assets/b.js", 1),
    ] {
      let request = try #require(ParsedRequest(method: "GET", target: target))
      let response = try #require(table.response(to: request))
      #expect(response.bodyByteCount == byteCount, "\(target)")
      let cache = response.fields.first { $0.name == "Cache-Control" }?.value
      #expect(cache == "max-age=0, public", "\(target)")
    }
  }
}
