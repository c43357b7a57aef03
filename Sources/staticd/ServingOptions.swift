internal import ArgumentParser
internal import StaticServer

/// What is served, where and how: the options of 'staticd serve' and 'staticd run'.
struct ServingOptions: ParsableArguments {
  @OptionGroup var mounts: MountOptions
  @OptionGroup var policy: PolicyOptions

  @Option(
    help: ArgumentHelp(
      """
      HOST:PORT, :PORT, unix:PATH or fd:N; repeat for several. \
      (default: 0.0.0.0:$PORT if PORT is set, else 127.0.0.1:8000)
      """,
      valueName: "address"
    )
  )
  var listen: [String] = []

  @Option(
    help: ArgumentHelp(
      "Event loops, each on its own thread. (default: one for each processor)",
      valueName: "n"
    )
  )
  var workers: Int?

  @OptionGroup(title: "App")
  var forwarding: ForwardingOptions

  @OptionGroup(title: "Behind a proxy")
  var proxy: ProxyOptions

  @OptionGroup(title: "Access log")
  var logging: LogOptions

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  /// The server that the options describe, or the error in one line.
  ///
  /// - Parameters:
  ///   - app: where the app listens; nil where the options say it.
  ///   - concurrency: how many requests it answers at a time, as far as that is known.
  func serverConfiguration(
    app: UpstreamAddress? = nil,
    concurrency: UpstreamConcurrency = .auto
  ) throws -> ServerConfiguration {
    var configuration = ServerConfiguration(listeners: try addresses())
    if let workers { configuration.workers = try (1...256).checked(workers, "--workers") }
    configuration.forwarding = try forwarding.configuration(
      app: app,
      concurrency: concurrency
    )
    try limits.apply(to: &configuration)
    try ConnectionCapacity(
      limit: DescriptorLimit.highest,
      forwards: configuration.forwarding != nil
    ).check(limits.maxConnections)
    try proxy.apply(to: &configuration)
    return configuration
  }

  /// Throws what is wrong with the options, and what else would keep a server from starting.
  ///
  /// - Parameter app: where the app listens; nil where the options say it.
  func check(app: UpstreamAddress? = nil) throws {
    _ = try serverConfiguration(app: app)
    try logging.check()
    if mounts.areNamed {
      try TablePlan(mounts, policy).checkFiles()
    } else {
      _ = try policy.tableOptions(maxAge: 60)
    }
  }

  /// Where to listen.
  func addresses() throws -> [ListenAddress] {
    var texts = listen
    if texts.isEmpty {
      texts = [Environment.value("PORT").map { "0.0.0.0:\($0)" } ?? "127.0.0.1:8000"]
    }
    do throws(ListenAddress.Malformed) {
      var addresses: [ListenAddress] = []
      for text in texts { addresses.append(try ListenAddress(text)) }
      return addresses
    } catch {
      throw CommandFailure(.usage, "--listen \(error)")
    }
  }
}
