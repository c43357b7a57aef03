internal import StaticAssets
internal import StaticServer

/// What a server allows a client: the options that are numbers with a limit.
struct LimitOptions {
  let arguments: MergedArguments

  /// Puts the limits into `configuration`.
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

  /// Throws if there are not enough descriptors for the connections.
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
