internal import Glibc
internal import StaticAssets
internal import StaticCollector
internal import StaticServer

/// A running server, and the files that it watches.
final class ServingSite {
  let server: StaticServer

  var plan: TablePlan
  let loader: TableLoader
  let compression: BackgroundCompression
  /// What notices every change in development; nil otherwise.
  private(set) var watch: DirectoryWatch?
  let changes = PendingChanges()
  var releases: ReleaseWatch
  /// Why the last reload failed; nil if it succeeded.
  var lastFailure: String?
  var loss: RootLoss
  /// The options at the start, and the current ones.
  let started: ServingOptions
  var options: ServingOptions
  let log: AccessLog?
  private let admins: [AdminSite]
  private let release = ServedRelease()
  /// The configuration at the start.
  private let configuration: StaticServer.Configuration
  private let peers: PeerLookup?
  private let healthPath: String?
  /// The app while it is not known to listen; nil without admin listener and health path.
  private var awaitedApp: UpstreamAddress?
  private let proxyWarnings: [String]
  /// Whether the sources are served because DEBUG is true.
  private let followsDebug: Bool
  private var hasToldOfProxy = false

  let manager: ServiceManager
  /// The URL paths of the apps.
  let upstreamPaths: [String]
  /// Whether hashed names are requested from other replicas.
  let asksPeers: Bool
  let configure: @Sendable (ServingOptions) throws -> StaticServer.Configuration
  /// The first table, while it is being built beside an app; requests for files wait for it.
  private(set) var listing: Background<FileTable>?
  /// Why there is no first table, which ends the start.
  private(set) var startFailure: CommandFailure?
  /// The reload in progress.
  var reading: Background<Reading>?
  /// Whether another reload was requested meanwhile.
  var isAskedAgain = false
  /// The status for the service manager; nil until the service is ready.
  var readyStatus: String?

  /// Builds the table, serves it, and prints the addresses.
  ///
  /// Beside an app the server starts first, and the files are listed in the background: `tend`
  /// finishes the start, or sets `startFailure`.
  ///
  /// - Parameters:
  ///   - manager: is notified of reloads.
  ///   - isBesideApp: whether an app is starting, which takes precedence on the processors.
  ///   - configure: makes the server's configuration from options, at the start and on a reload.
  init(
    _ options: ServingOptions,
    _ manager: ServiceManager,
    isBesideApp: Bool = false,
    _ configure: @escaping @Sendable (ServingOptions) throws -> StaticServer.Configuration
  ) throws {
    DescriptorLimit.raise()
    var configuration = try configure(options)
    started = options
    self.options = options
    self.manager = manager
    self.configure = configure
    followsDebug = options.arguments.origin(of: .autorefresh) == "DEBUG"
    proxyWarnings = ProxyOptions(arguments: options.arguments).warnings()
    log = try options.logging.open()
    configuration.accessLog = log
    upstreamPaths = configuration.forwarding?.paths ?? []
    asksPeers = configuration.peers.isOn
    // Before the table, so that a release published meanwhile is noticed.
    plan = try TablePlan(
      options.mounts,
      options.policy,
      upstreamPaths: upstreamPaths
    )
    compression = try BackgroundCompression(options)
    releases = ReleaseWatch(plan)
    loss = RootLoss(plan)
    watch = try plan.watch()
    if watch != nil { configuration.changes = changes }
    self.configuration = configuration
    let table = isBesideApp ? try plan.buildPending() : try plan.buildQuickly()
    do throws(StaticServerError) {
      server = try StaticServer(table: table, configuration: configuration)
    } catch {
      throw CommandFailure(.system, error.description)
    }
    loader = TableLoader(server)
    peers = try PeerLookup(options, server)
    healthPath = configuration.healthPath
    let addresses = server.addresses
    let handed = configuration.handedSockets.filter { !addresses.contains($0.address) }
    admins = try options.adminAddresses().map { [server, release] address in
      try AdminSite(
        at: address,
        handed,
        isPublic: options.arguments.isOn(.adminPublic),
        about: server
      ) { release.now }
    }
    options.inherited.closeRest(besides: server.handedSockets + admins.flatMap(\.handedSockets))
    if !admins.isEmpty || healthPath != nil,
      let address = configuration.forwarding?.addresses.first ?? nil
    {
      awaitedApp = address
    }
    if isBesideApp {
      listing = try Background("staticd-listing", yields: true) { [plan] in try plan.buildQuickly()
      }
    } else {
      begin(with: table)
    }
  }

  /// Whether the files have been listed.
  var isListed: Bool { listing == nil && startFailure == nil }

  /// Serves the first table, once it has been built.
  private func finishListing() {
    guard let result = listing?.take() else { return }
    listing = nil
    switch result {
    case .success(let table):
      server.replaceTable(with: table)
      begin(with: table)
      reloadIfAsked()
    case .failure(let failure): startFailure = failure
    }
  }

  /// Prints what is served, and begins to follow it.
  private func begin(with table: FileTable) {
    // From now on the main thread reads changes, for which the loops wait.
    if let watch { changes.watch(watch.number) }
    noteRelease(table)
    announce(table, configuration)
    loader.loadBodies(of: table, plan)
    lookForApp()
    compression.compress(table.uncodedFiles)
  }

  /// The sockets that this process has bound, for its successor.
  var handedSockets: [HandedSockets] { server.handedSockets + admins.flatMap(\.handedSockets) }

  /// The sockets that were given as file descriptors.
  var givenSockets: [Int32] { server.givenSockets + admins.flatMap(\.givenSockets) }

  /// Leaves the sockets to another process, and finishes the requests in flight.
  func handOver() {
    server.handOver()
    for admin in admins { admin.handOver() }
  }

  /// The file descriptors that become readable when files change, or a reload has been read.
  var descriptors: [Int32] {
    if let listing { return [listing.descriptor] }
    return [watch?.number, reading?.descriptor].compactMap { $0 }
  }

  /// Handles those of the file descriptors that are `readable`.
  func tend(_ readable: [Int32]) {
    if let number = listing?.descriptor, readable.contains(number) { return finishListing() }
    if let number = watch?.number, readable.contains(number) { changes.read(reload) }
    if let number = reading?.descriptor, readable.contains(number) { finishReading() }
  }

  /// Notifies the service manager that the server is ready.
  ///
  /// - Parameter status: the status text; nil for the addresses.
  func tellReady(_ status: String? = nil) {
    let text = status ?? "Serving \(places)"
    readyStatus = text
    manager.tellReady(text)
  }

  private var places: String {
    server.addresses.map { "\($0.ofSocket)" }.joined(separator: ", ")
  }

  /// Follows the changes that `watch` notices from now on.
  func follow(_ watch: DirectoryWatch?) {
    // First: the descriptor that is closed may soon be that of something else.
    changes.watch(-1)
    self.watch = watch
    if let watch { changes.watch(watch.number) }
  }

  /// Stops the server after the requests in flight, and prints its statistics.
  func stop() {
    changes.watch(-1)
    compression.stop()
    peers?.stop()
    server.stop()
    // Until now, the admin pages have reported that the server is draining.
    for admin in admins { admin.stop() }
    let lost = server.metrics.lostLogLines
    if lost > 0 {
      Console.diagnose(
        "\(Count.of(lost, "line")) of the access log \(lost == 1 ? "was" : "were") lost"
      )
    }
    let counts = server.statistics
    Console.notice(
      """
      Stopped: \(counts.connectionsAccepted) connections, \(counts.connectionsClosed) closed, \
      \(counts.successes) 2xx, \(counts.redirections) 3xx, \(counts.clientErrors) 4xx, \
      \(counts.serverErrors) 5xx, \(counts.forwarded) forwarded, \(counts.repeated) repeated, \
      \(counts.abandoned) abandoned
      """
    )
  }

  /// Serves a new release if there is one, and prints notices.
  func followReleases() {
    tellOfProxy()
    lookForApp()
    for notice in server.takeNotices() { Console.diagnose(notice) }
    // A reload in progress reads the new release anyway.
    guard reading == nil, isListed else { return }
    let hasChanged = releases.hasChanged()
    switch loss.look(isReloading: hasChanged) {
    case .none:
      if hasChanged { reload() }
      addCodings()
    case .began(let reason): Console.diagnose(reason)
    case .goesOn: break
    case .ended: reload()
    }
  }

  /// Checks whether the app listens, until it does, which makes the server ready.
  private func lookForApp() {
    guard let address = awaitedApp else { return }
    guard server.readiness == .starting else {
      awaitedApp = nil
      return
    }
    if address.isAccepting { server.noteAppListens() }
  }

  func noteRelease(_ table: FileTable) {
    if !admins.isEmpty { release.note(table, plan) }
  }

  /// Prints once that a proxy is not trusted, with the remedy.
  private func tellOfProxy() {
    guard !hasToldOfProxy, let address = server.untrustedProxy else { return }
    hasToldOfProxy = true
    let fields =
      "sends forwarding fields (X-Forwarded-For and the like) and is not trusted, so the app "
    guard address != "unix" else {
      return Console.diagnose(
        "a client at a Unix socket \(fields)does not see them; if only your proxy can connect there, add "
          + "--trust-proxy all"
      )
    }
    let network = address.contains(":") ? "\(address)/128" : "\(address)/32"
    Console.diagnose(
      "\(address) \(fields)does not see them; if it is your proxy, add --trust-proxy \(network)"
    )
  }

  private func announce(_ table: FileTable, _ configuration: StaticServer.Configuration) {
    TableWarnings.tell(table.warnings)
    if followsDebug {
      Console.notice("DEBUG is True: the sources are served, and changes are followed at once")
    }
    if let healthPath, let warning = HealthWarning(healthPath, table) {
      Console.diagnose("warning: \(warning.text)")
    }
    for notice in plan.missingUploads { Console.diagnose(notice) }
    for warning in proxyWarnings { Console.diagnose("warning: \(warning)") }
    if case .platform(let platform) = configuration.forwardingPolicy.trust {
      Console.notice("\(platform)'s router is trusted, as \(platform.variable) is set")
    }
    let announcement = Announcement(
      plan: plan,
      addresses: server.addresses.map(\.ofSocket),
      forwarding: configuration.forwarding,
      admins: admins.map(\.address)
    )
    announcement.tell(table)
  }
}
