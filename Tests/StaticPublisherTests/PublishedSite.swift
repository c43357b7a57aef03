import Foundation
import StaticAssets
import StaticCollector
import TestSupport

@testable import StaticPublisher

/// A site that is collected and published to a store in memory.
final class PublishedSite: Sendable {
  let source = TemporaryDirectory()
  let root = TemporaryDirectory()
  let store: MemoryStore

  static let variables = ["AWS_ACCESS_KEY_ID": "AKIDTEST", "AWS_SECRET_ACCESS_KEY": "test/secret"]

  init(_ store: MemoryStore = MemoryStore()) {
    self.store = store
  }

  /// Collects the files in `source`.
  func collect(codings: [ContentCoding] = [], keeping: Int = 3) async throws {
    var options = CollectOptions(
      sources: [.directory(SourceDirectory(path: BytePath(source.path)))],
      root: BytePath(root.path),
      jobs: 2
    )
    options.codings = codings
    options.cache = nil
    options.keptReleaseCount = keeping
    _ = try await Collector(options).run()
  }

  /// Publishes below `s3://bucket/static`; the delays between attempts are short.
  @discardableResult
  func publish(
    variables: [String: String] = variables,
    endpoint: String? = nil,
    attemptsMax: Int = 6,
    maxAge: Int = 60,
    _ change: (inout PublishOptions) -> Void = { _ in }
  ) throws(StoreError) -> PublishReport {
    let store = ObjectStore(
      try StoreAddress("s3://bucket/static", endpoint: endpoint ?? self.store.endpoint),
      AWSSettings(path: { variables[$0].map { BytePath($0) } }, file: { _ in nil }),
      RetryPolicy(
        attemptsMax: attemptsMax,
        baseMilliseconds: 1,
        retryAfterSecondsMax: 0,
        settlingMilliseconds: 1
      ),
      ConnectionLimits()
    )
    var options = PublishOptions(
      root: BytePath(root.path),
      rules: FileRules(FileTable.Options(maxAge: .seconds(maxAge)))
    )
    change(&options)
    return try Publisher(options, store, CollectProgress()).run()
  }

  /// The published name of a collected file.
  func hashed(_ name: String) throws -> String {
    let data = Data(root.read("staticfiles.json") ?? [])
    let manifest = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    return (manifest?["paths"] as? [String: String])?[name] ?? ""
  }

  /// The names in the write requests, without the prefix.
  func writes() throws -> [String] {
    try store.log().filter { $0.method != "GET" && $0.method != "HEAD" }
      .map { "\($0.method) \($0.key.replacingOccurrences(of: "static/", with: ""))" }
  }
}
