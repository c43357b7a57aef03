internal import StaticServer

/// The options of the queue in front of the app.
struct QueueOptions {
  let arguments: MergedArguments

  /// Whether the limit of concurrent requests is derived from the app's command line.
  var isAutomatic: Bool { arguments.text(.upstreamConcurrency) == "auto" }

  /// Applies the options to `configuration`.
  ///
  /// - Parameter auto: the limit that `auto` stands for.
  /// - Throws: `CommandFailure` for a value out of range.
  func apply(
    to configuration: inout ForwardingConfiguration,
    auto: UpstreamConcurrency
  ) throws {
    configuration.queueTimeout =
      arguments.number(.queueTimeout).map { .seconds($0) } ?? configuration.queueTimeout
    configuration.queueCountMax = arguments.number(.queueLength) ?? configuration.queueCountMax
    configuration.allowsHalfClosedClients = arguments.text(.halfClosedClients) == "wait"
    configuration.concurrencyMax = auto.limit
    guard !isAutomatic, let text = arguments.text(.upstreamConcurrency) else { return }
    let range = ForwardingConfiguration.Range.concurrency
    guard let count = Int(text), range.contains(count) else {
      throw arguments.failure(
        .upstreamConcurrency,
        text,
        "give 'auto', or a number from \(range.lowerBound) to \(range.upperBound)"
      )
    }
    configuration.concurrencyMax = count
  }
}
