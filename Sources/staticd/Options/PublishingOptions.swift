internal import StaticAssets
internal import StaticPublisher

/// The options for publishing to an object store.
struct PublishingOptions {
  private let arguments: MergedArguments

  init(_ arguments: MergedArguments) {
    self.arguments = arguments
  }

  /// Throws the mistakes in the options; only a run requires the ones that are missing.
  func check() throws {
    var mistakes = Mistakes()
    try mistakes.reading { _ = try tableOptions() }
    try mistakes.reading {
      if let destination = arguments.words.first {
        _ = try address(destination, endpoint: arguments.text(.endpoint))
      } else if let endpoint = arguments.text(.endpoint) {
        _ = try address("s3://bucket", endpoint: endpoint)
      }
    }
    try mistakes.refuse()
  }

  /// The object store of the command line.
  func store() throws -> ObjectStore {
    guard let destination = arguments.words.first else {
      throw CommandFailure(.usage, "name the place to publish to: s3://BUCKET/PREFIX")
    }
    return try reading { () throws(StoreError) in
      try ObjectStore.named(destination, endpoint: arguments.text(.endpoint))
    }
  }

  /// The options of a run.
  func options() throws -> PublishOptions {
    guard let root = arguments.text(.root) else {
      throw CommandFailure(.usage, "--root DIR is missing; it names the collected directory")
    }
    var options = PublishOptions(root: BytePath(root), rules: FileRules(try tableOptions()))
    options.layout = arguments.choice(.layout) ?? options.layout
    options.keptReleaseCount = arguments.number(.keepReleases) ?? options.keptReleaseCount
    options.isDryRun = arguments.isOn(.dryRun)
    return options
  }

  /// The fields of `--header` that are not sent to object stores, each with the reason.
  func refusedFields() throws -> [String] {
    var lines: [String] = []
    for rule in try policy().fields {
      guard let reason = PublishOptions.refusal(ofField: rule.name) else { continue }
      let line = "\(rule.name) is left out: \(reason)"
      if !lines.contains(line) { lines.append(line) }
    }
    return lines
  }

  private func policy() throws -> FileTable.Options {
    try PolicyOptions(arguments).tableOptions(maxAge: .seconds(60), upstreamPaths: [])
  }

  private func tableOptions() throws -> FileTable.Options {
    var options = try policy()
    options.fields.removeAll { PublishOptions.refusal(ofField: $0.name) != nil }
    return options
  }

  private func address(_ destination: String, endpoint: String?) throws -> StoreAddress {
    try reading { () throws(StoreError) in try StoreAddress(destination, endpoint: endpoint) }
  }

  private func reading<Value>(_ read: () throws(StoreError) -> Value) throws -> Value {
    do throws(StoreError) {
      return try read()
    } catch {
      throw CommandFailure(for: error)
    }
  }
}
