internal import StaticAssets
internal import StaticServer

/// The numeric limits for clients: sizes, counts, times and rates.
struct LimitOptions {
  let arguments: MergedArguments

  /// Applies the limits to `configuration`.
  func apply(to configuration: inout StaticServer.Configuration) {
    set(&configuration.limits.headBytesMax, .maxHead)
    set(&configuration.limits.fieldCountMax, .maxFields)
    set(&configuration.headTimeout, .headTimeout)
    set(&configuration.keepAliveTimeout, .keepaliveTimeout)
    set(&configuration.contentTimeout, .bodyTimeout)
    set(&configuration.sendTimeout, .sendTimeout)
    set(&configuration.grace, .grace)
    set(&configuration.requestsPerConnectionMax, .keepaliveRequests)
    set(&configuration.bytesPerSecondMin, .minRate)
    if let count = arguments.number(.maxConnections) { configuration.connectionsMax = count }
    if let count = arguments.number(.maxBody) {
      configuration.contentBytesMax = Int64(count)
      configuration.forwarding?.contentBytesMax = Int64(count)
    }
  }

  /// Throws if there are not enough file descriptors for `--max-connections`.
  func refuseConnections(beyond capacity: ConnectionCapacity) throws {
    guard let count = arguments.number(.maxConnections),
      let reason = capacity.refusal(of: count)
    else { return }
    throw CommandFailure(.usage, "\(arguments.place(of: .maxConnections)) \(count): \(reason)")
  }

  private func set(_ time: inout Duration, _ name: OptionName) {
    time = arguments.number(name).map { .seconds($0) } ?? time
  }

  private func set(_ value: inout Int, _ name: OptionName) {
    value = arguments.number(name) ?? value
  }
}
