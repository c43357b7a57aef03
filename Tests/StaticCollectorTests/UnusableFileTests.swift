import Foundation
import StaticCollector
import TestSupport
import Testing

/// Unreadable source files, and files whose codings would have too long names.
@Suite struct UnusableFileTests {
  @Test("a coding whose name is too long is left out, and reported")
  func longNames() async throws {
    let tree = CollectedTree()
    let text = String(repeating: "compressible ", count: 100)
    let long = String(repeating: "n", count: 249) + ".css"
    tree.source.write(text, to: long)
    tree.source.write(text, to: "a.css")
    let report = try await tree.report {
      $0.codings = [.brotli, .gzip]
      $0.postProcesses = false
    }
    #expect(report.problems.map(\.severity) == [.warning, .warning])
    #expect(report.problems.allSatisfy { $0.file == long && $0.text.contains("255 bytes") })
    #expect(tree.root.files() == ["a.css", "a.css.br", "a.css.gz", long])
  }

  @Test("an unreadable file is reported once, and not for every reference to it")
  func unread() async throws {
    let tree = CollectedTree()
    mkfifo(tree.source.path("i.png"), 0o644)
    mkdir(tree.source.path("d"), 0o755)
    tree.source.link("d/gone.png", to: "nowhere")
    for index in 0..<3 {
      tree.source.write("a { b: url(i.png) } c { d: url(d/gone.png) }", to: "\(index).css")
    }
    tree.source.write("a { b: url(other.png) }", to: "e.css")
    let problems = try await tree.collect()
    #expect(problems.map(\.kind) == [.unreadable, .unreadable, .missingReference])
    #expect(problems.last?.reference == "other.png")
  }
}
