internal import StaticAssets
internal import StaticServer

/// What a reload has read: the options, and the table built from them.
struct Reading: Sendable {
  let options: ServingOptions
  let configuration: StaticServer.Configuration
  let plan: TablePlan
  let releases: ReleaseWatch
  let table: FileTable

  /// Reads in the background: a Django project may take seconds to answer.
  ///
  /// - Parameters:
  ///   - options: reads the options again.
  ///   - configure: makes the server's configuration from them.
  ///   - upstreamPaths: the URL paths of the apps, which a reload does not change.
  ///   - asksPeers: whether there are peers, which a reload does not change either.
  static func start(
    _ options: @escaping @Sendable () throws -> ServingOptions,
    _ configure: @escaping @Sendable (ServingOptions) throws -> StaticServer.Configuration,
    upstreamPaths: [String],
    asksPeers: Bool
  ) throws -> Background<Reading> {
    try Background("staticd-reading") {
      let options = try options()
      let configuration = try configure(options)
      var plan = try TablePlan(options.mounts, options.policy, upstreamPaths: upstreamPaths)
      plan.options.asksPeers = asksPeers
      // Before the table, so that a release published meanwhile is noticed.
      let releases = ReleaseWatch(plan)
      return Reading(
        options: options,
        configuration: configuration,
        plan: plan,
        releases: releases,
        table: try plan.buildQuickly()
      )
    }
  }
}
