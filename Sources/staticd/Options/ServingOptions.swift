internal import StaticCollector
internal import StaticServer

/// The options of `serve`, `run` and `explain`.
struct ServingOptions {
  let arguments: MergedArguments
  let mounts: MountOptions
  let policy: PolicyOptions
  let forwarding: ForwardingOptions
  let logging: LogOptions
  let admin: AdminOptions
  /// The sockets that this process inherited.
  var inherited = InheritedSockets()

  init(_ arguments: MergedArguments) {
    self.arguments = arguments
    mounts = MountOptions(arguments)
    policy = PolicyOptions(arguments)
    forwarding = ForwardingOptions(arguments)
    logging = LogOptions(arguments: arguments)
    admin = AdminOptions(arguments: arguments)
  }

  /// The server configuration; throws every mistake in the options.
  ///
  /// - Parameters:
  ///   - app: where the app listens; nil to use `--upstream`.
  ///   - concurrency: how many requests the app handles at a time, if that is known.
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

  /// Throws every mistake in the options, and everything else that would prevent a start.
  ///
  /// - Parameter app: where the app listens; nil to use `--upstream`.
  func check(app: UpstreamAddress? = nil) throws {
    var mistakes = Mistakes()
    let configuration = try mistakes.reading { try serverConfiguration(app: app) }
    try mistakes.reading { try logging.check() }
    let isGiven = app != nil || arguments.isGiven(.upstream)
    // With mistakes in the app's options, check the file options as if there were an app.
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

  /// How long requests in flight may take to finish, in seconds.
  var grace: Int { arguments.number(.grace) ?? 0 }

  /// The admin addresses: the systemd sockets named "admin" if there are any, else `--admin`.
  ///
  /// The socket unit restricts who can reach the former, so they need not be private.
  func adminAddresses() throws -> [ListenAddress] {
    let activated = inherited.admin
    guard activated.isEmpty else {
      return activated.map { .inherited(descriptor: $0.descriptor) }
    }
    return try admin.address().map { [$0] } ?? []
  }

  /// The addresses to listen on: the sockets of systemd if there are any, else the options'.
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
    let all = addresses.flatMap { $0 }
    for (index, address) in all.enumerated()
    where address.isFixed && all[..<index].contains(address) {
      throw arguments.failure(
        .listen,
        texts.joined(separator: " and "),
        "\(address) is given twice; give it once"
      )
    }
    return all
  }
}

extension ListenAddress {
  /// Whether only one socket can be bound to the address: port 0 is a new port each time.
  fileprivate var isFixed: Bool {
    switch self {
    case .ipv4(_, let port), .ipv6(_, let port): port != 0
    case .unix, .inherited: true
    }
  }
}
