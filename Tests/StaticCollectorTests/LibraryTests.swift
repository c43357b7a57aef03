import Foundation
import StaticAssets
import StaticCollector
import TestSupport
import Testing

/// The collector as a Swift library: invalid options, errors and reports, concurrent runs.
@Suite struct LibraryTests {
  private let tree = CollectedTree()

  struct Refused: Sendable, CustomTestStringConvertible {
    let mentions: String
    let change: @Sendable (inout CollectOptions) -> Void
    var testDescription: String { mentions }
  }

  static let refused = [
    Refused(mentions: "0 jobs") { $0.jobs = 0 },
    Refused(mentions: "-1 jobs") { $0.jobs = -1 },
    Refused(mentions: "0 releases") { $0.keptReleaseCount = 0 },
    Refused(mentions: "static URL ''") { $0.staticURL = "" },
    Refused(mentions: "static URL '/a b/'") { $0.staticURL = "/a b/" },
    Refused(mentions: "static URL 'https://'") { $0.staticURL = "https://" },
    Refused(mentions: "hashed names") { ($0.postProcesses, $0.keepsOnlyHashed) = (false, true) },
    Refused(mentions: "mode 10000") { $0.fileMode = 0o10000 },
    Refused(mentions: "mode 20000") { $0.directoryMode = 0o20000 },
    Refused(mentions: "is no directory") { $0.sources.append(.directory("/nonexistent")) },
  ]

  @Test("invalid options are an error, not a trap", arguments: refused)
  func refuses(row: Refused) async throws {
    tree.source.write("x", to: "a.txt")
    do throws(CollectError) {
      _ = try await tree.report(row.change)
      Issue.record("nothing was thrown")
    } catch {
      guard case .usage(let line) = error else { throw error }
      #expect(line.contains(row.mentions))
      #expect(error.description == line)
    }
    #expect(tree.root.files().isEmpty)
  }

  @Test("modes and counts at their limits are valid")
  func limits() async throws {
    tree.source.write("x", to: "a.txt")
    let report = try await tree.report {
      ($0.jobs, $0.keptReleaseCount, $0.fileMode, $0.directoryMode) = (1, 1, 0o7777, 0o7777)
    }
    #expect(report.copiedCount == 1)
  }

  @Test("common spellings of the static URL", arguments: ["/s/", "/s", "s/", "s"])
  func staticURL(text: String) async throws {
    tree.source.write("x", to: "a.png")
    tree.source.write("i{background:url(/s/a.png)}", to: "a.css")
    _ = try await tree.report { $0.staticURL = text }
    let published = try #require(try tree.published("a.css"))
    #expect(published.contains("/s/a.9dd4e461268c.png"))
  }

  @Test("without a mode files get the umask's, which is not changed")
  func umask() async throws {
    tree.source.write("x", to: "a.txt")
    let mask = try #require(ProcessInfo.processInfo.umask)
    _ = try await tree.report { $0.fileMode = nil }
    let attributes = try FileManager.default.attributesOfItem(atPath: tree.root.path("a.txt"))
    #expect(attributes[.posixPermissions] as? Int == 0o666 & ~Int(mask))
    #expect(ProcessInfo.processInfo.umask == mask)
  }

  @Test("default options need only a root, and sources with a prefix")
  func defaults() async throws {
    tree.source.write("x", to: "a.txt")
    let options = CollectOptions(
      sources: [.directory(BytePath(tree.source.path), prefix: "vendor")],
      root: BytePath(tree.root.path)
    )
    _ = try await Collector(options).run()
    #expect(tree.root.text("vendor/a.txt") == "x")
  }

  @Test("an error lists all problems, and counts them")
  func describesProblems() async throws {
    tree.source.write("a{b:url(none.png)}\nc{d:url(neither.png)}", to: "a.css")
    tree.source.write("//# sourceMappingURL=none.js.map", to: "a.js")
    do throws(CollectError) {
      _ = try await tree.report()
      Issue.record("nothing was thrown")
    } catch {
      let lines = error.description.split(separator: "\n")
      #expect(lines.count == 4)
      #expect(lines.contains { $0.hasPrefix("\(tree.source.path)/a.css:1: ") })
      #expect(lines.contains { $0.hasPrefix("\(tree.source.path)/a.css:2: ") })
      #expect(lines.last == "2 problems and 1 warning")
    }
  }

  @Test("a report has the summary of collectstatic")
  func describesReport() async throws {
    tree.source.write("x", to: "a.txt")
    tree.source.write("y", to: "b.txt")
    let first = try await tree.report()
    #expect(first.description == "2 static files copied to '\(tree.root.path)', 2 post-processed.")
    let second = try await tree.report { $0.isDryRun = true }
    #expect(
      second.description == "0 static files copied to '\(tree.root.path)', 2 unmodified.\n"
        + "Nothing was written: this was a dry run."
    )
  }

  @Test("any number of concurrent runs in one process, into one root or many")
  func concurrentRuns() async throws {
    for index in 0..<40 { tree.source.write("file \(index)", to: "d/\(index).txt") }
    let roots = [tree.root, tree.root, TemporaryDirectory(), TemporaryDirectory(), tree.root]
    let source = BytePath(tree.source.path)
    try await withThrowingTaskGroup(of: CollectReport.self) { group in
      for root in roots {
        group.addTask {
          let options = CollectOptions(
            sources: [.directory(source)],
            root: BytePath(root.path),
            jobs: 2
          )
          return try await Collector(options).run()
        }
      }
      for try await report in group { #expect(report.postProcessedCount == 40) }
    }
    let names = tree.root.files()
    for root in roots { #expect(root.files() == names) }
  }

  @Test("a cancelled task that waits for a root ends")
  func cancelled() async throws {
    tree.source.write("x", to: "a.txt")
    let descriptor = open(tree.root.path, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX) == 0)
    let waits = AsyncStream<Void>.makeStream()
    let options = CollectOptions(
      sources: [.directory(BytePath(tree.source.path))],
      root: BytePath(tree.root.path)
    )
    let task = Task {
      try await Collector(options).run { _ in waits.continuation.finish() }
    }
    for await _ in waits.stream {}
    task.cancel()
    do {
      _ = try await task.value
      Issue.record("nothing was thrown")
    } catch let error as CollectError {
      guard case .cancelled = error else { throw error }
    }
    #expect(tree.root.files().isEmpty)
  }
}

extension ProcessInfo {
  /// The umask reported by the system.
  fileprivate var umask: mode_t? {
    let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = text?.split(separator: "\n").first { $0.hasPrefix("Umask:") }
    return line?.split(separator: "\t").last.flatMap { mode_t($0, radix: 8) }
  }
}
