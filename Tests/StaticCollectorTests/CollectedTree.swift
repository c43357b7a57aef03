import Foundation
import StaticAssets
import StaticCollector
import TestSupport

/// A source directory and the root that it is collected into.
final class CollectedTree: Sendable {
  let source = TemporaryDirectory()
  let root = TemporaryDirectory()

  /// Collects without compressing unless `change` sets it; returns the problems, empty on success.
  func collect(
    _ change: (inout CollectOptions) -> Void = { _ in }
  ) async throws -> [Problem] {
    do throws(CollectError) {
      _ = try await report(change)
      return []
    } catch {
      guard case .problems(let problems) = error else { throw error }
      return problems
    }
  }

  /// Like `collect`, with the report.
  func report(
    _ change: (inout CollectOptions) -> Void = { _ in }
  ) async throws(CollectError) -> CollectReport {
    var options = CollectOptions(
      sources: [.directory(SourceDirectory(path: BytePath(source.path)))],
      root: BytePath(root.path),
      jobs: 2
    )
    options.codings = []
    change(&options)
    let collector = Collector(options)
    return try await Turnstile.collecting.pass { () async throws(CollectError) in
      try await collector.run()
    }
  }

  /// The name pairs of Django's manifest.
  func paths() throws -> [String: String] {
    let data = Data(root.read("staticfiles.json") ?? [])
    let manifest = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    return manifest?["paths"] as? [String: String] ?? [:]
  }

  /// The published content of a collected file.
  func published(_ name: String) throws -> String? {
    try paths()[name].flatMap { root.text($0) }
  }
}
