internal import StaticCollector
internal import StaticServer

/// What is served, where and how: the options of `serve`, `run` and `explain`.
struct ServingOptions {
  let arguments: MergedArguments
  let mounts: MountOptions
  let policy: PolicyOptions
  let forwarding: ForwardingOptions
  let logging: LogOptions
  let admin: AdminOptions
  /// The sockets that this process was started with.
  var inherited = InheritedSockets()

  init(_ arguments: MergedArguments) {
    self.arguments = arguments
    mounts = MountOptions(arguments)
    policy = PolicyOptions(arguments)
    forwarding = ForwardingOptions(arguments)
    logging = LogOptions(arguments: arguments)
    admin = AdminOptions(arguments: arguments)
  }

  /// The server that the options describe; throws everything that is wrong with them.
  ///
  /// - Parameters:
  ///   - app: where the app listens; nil where the options say it.
  ///   - concurrency: how many requests it answers at a time, as far as that is known.
  func serverConfiguration(
    app: UpstreamAddress? = nil,
    concurrency: UpstreamConcurrency = .auto
  ) throws -> StaticServer.Configuration {
    var mistakes = Mistakes()
    let listeners = try mistakes.reading { try addresses() }
    var configuration = StaticServer.Configuration(listeners: listeners ?? [])
    configuration.handedSockets = inherited.handed
    if let workers = arguments.number(.workers) { configuration.workers = workers }
    configuration.forwarding =
      try mistakes.reading {
        try forwarding.configuration(app: app, concurrency: concurrency)
      } ?? nil
    configuration.peers =
      try mistakes.reading { try PeerOptions(arguments).configuration } ?? configuration.peers
    let limits = LimitOptions(arguments: arguments)
    limits.apply(to: &configuration)
    let capacity = ConnectionCapacity(
      limit: DescriptorLimit.highest,
      forwards: configuration.forwarding != nil || configuration.peers.isOn
    )
    try mistakes.reading { try limits.refuseConnections(beyond: capacity) }
    try mistakes.reading { try ProxyOptions(arguments: arguments).apply(to: &configuration) }
    try mistakes.reading { try admin.apply(to: &configuration) }
    if !inherited.admin.isEmpty { configuration.measuresLatency = true }
    try mistakes.refuse()
    return configuration
  }

  /// Throws everything that is wrong with the options, and what else would keep a server from
  /// starting.
  ///
  /// - Parameter app: where the app listens; nil where the options say it.
  func check(app: UpstreamAddress? = nil) throws {
    var mistakes = Mistakes()
    let configuration = try mistakes.reading { try serverConfiguration(app: app) }
    try mistakes.reading { try logging.check() }
    let isGiven = app != nil || arguments.isGiven(.upstream)
    // Where the app's options are wrong, those of the files are read as with an app.
    let paths = configuration?.forwarding?.paths ?? (isGiven ? ["/"] : [])
    try mistakes.reading { try TablePlan.checkFiles(mounts, policy, upstreamPaths: paths) }
    try mistakes.refuse()
    if mounts.areNamed, let path = try admin.healthPath() { warnOfHidden(path, paths) }
  }

  /// Warns if the health path hides a file.
  private func warnOfHidden(_ path: String, _ upstreamPaths: [String]) {
    guard let table = try? TablePlan(mounts, policy, upstreamPaths: upstreamPaths).build(),
      let warning = HealthWarning(path, table)
    else { return }
    Console.diagnose("warning: \(warning.text)")
  }

  /// Seconds that requests in flight have for their end.
  var grace: Int { arguments.number(.grace) ?? 0 }

  /// Where the admin pages are: at the sockets that systemd calls "admin", if there are any, whose unit
  /// says who can reach them; else at `--admin`.
  func adminAddresses() throws -> [ListenAddress] {
    let activated = inherited.admin
    guard activated.isEmpty else {
      return activated.map { .inherited(descriptor: $0.descriptor) }
    }
    return try admin.address().map { [$0] } ?? []
  }

  /// Where to listen: at the sockets of systemd, if there are any, else as the options say.
  func addresses() throws -> [ListenAddress] {
    let activated = inherited.site
    guard activated.isEmpty else {
      return activated.map { .inherited(descriptor: $0.descriptor) }
    }
    let texts = arguments.texts(.listen)
    guard !texts.isEmpty else {
      guard let text = Environment.value("PORT") else { return [.ipv4(0x7F00_0001, port: 8000)] }
      guard let port = UInt16(text) else {
        throw CommandFailure(.usage, "PORT '\(text)': give a port from 0 to 65535")
      }
      return [.ipv4(0, port: port)]
    }
    var mistakes = Mistakes()
    let addresses = try mistakes.reading(each: texts) { text in
      try ListenNames.addresses(text, arguments.place(of: .listen))
    }
    try mistakes.refuse()
    return addresses.flatMap { $0 }
  }
}
