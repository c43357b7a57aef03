internal import Glibc
internal import StaticAssets
internal import StaticCollector
internal import StaticServer

/// A running server, and the files that it follows.
final class ServingSite {
  let server: Server

  private var plan: TablePlan
  private let loader: TableLoader
  private let compression: BackgroundCompression
  private var watch: DirectoryWatch?
  private var releases: ReleaseWatch
  private var loss: RootLoss
  /// The options that the server was started with, and those that count now.
  private let started: ServingOptions
  private(set) var options: ServingOptions
  private let log: AccessLog?
  private let admin: AdminSite?
  private let release = ServedRelease()
  private let healthPath: String?
  /// The app, as long as it is not known to listen and somebody may ask.
  private var awaitedApp: UpstreamAddress?
  private let proxyWarnings: [String]
  /// Whether the sources are served because DEBUG says so.
  private let followsDebug: Bool
  private var hasToldOfProxy = false

  private let manager: ServiceManager
  /// The URL paths of the apps.
  private let upstreamPaths: [String]
  private let configure: @Sendable (ServingOptions) throws -> ServerConfiguration
  /// The reload that is under way.
  private var reading: Reading?
  /// Whether another one was asked for meanwhile.
  private var isAskedAgain = false
  /// What the service manager shows: set when the service is ready.
  private var readyStatus: String?

  /// Builds the table and begins to serve it; tells where.
  ///
  /// - Parameters:
  ///   - manager: is told of reloads.
  ///   - configure: makes the server's configuration of options, those of now and of a reload.
  init(
    _ options: ServingOptions,
    _ manager: ServiceManager,
    _ configure: @escaping @Sendable (ServingOptions) throws -> ServerConfiguration
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
    // Before the table: a release that is published meanwhile is then noticed.
    plan = try TablePlan(
      options.mounts,
      options.policy,
      upstreamPaths: upstreamPaths
    )
    compression = try BackgroundCompression(options)
    releases = ReleaseWatch(plan)
    loss = RootLoss(plan)
    watch = plan.isRefreshed ? try DirectoryWatch(plan.mounts.map(\.directory)) : nil
    let table = try plan.buildQuickly()
    do throws(ServerError) {
      server = try Server(table: table, configuration: configuration)
    } catch {
      throw CommandFailure(.system, error.description)
    }
    loader = TableLoader(server)
    healthPath = configuration.healthPath
    let addresses = server.addresses
    let handed = configuration.handedSockets.filter { !addresses.contains($0.address) }
    admin = try options.adminAddress().map { [server, release] address in
      try AdminSite(
        at: address,
        handed,
        isPublic: options.arguments.isOn(.adminPublic),
        about: server
      ) { release.now }
    }
    options.inherited.closeRest(besides: server.handedSockets + (admin?.handedSockets ?? []))
    if admin != nil || healthPath != nil,
      case .upstream(let address)? = configuration.forwarding?.app
    {
      awaitedApp = address
    }
    noteRelease(table)
    announce(table, configuration)
    loader.loadBodies(of: table, plan)
    lookForApp()
    compression.compress(table.uncodedFiles)
  }

  /// The sockets that this process has bound, for the one that takes its place.
  var handedSockets: [HandedSockets] { server.handedSockets + (admin?.handedSockets ?? []) }

  /// The sockets that it was given by their descriptors.
  var givenSockets: [Int32] { server.givenSockets + (admin?.givenSockets ?? []) }

  /// Leaves the sockets to another process, and finishes the requests in flight.
  func handOver() {
    server.handOver()
    admin?.handOver()
  }

  /// The descriptors that are readable when files have changed, or when a reload has been read.
  var descriptors: [Int32] { [watch?.number, reading?.descriptor].compactMap { $0 } }

  /// Does what is due when `readable` of the descriptors are readable.
  func tend(_ readable: [Int32]) {
    if let number = watch?.number, readable.contains(number) { reload() }
    if let number = reading?.descriptor, readable.contains(number) { finishReading() }
  }

  /// Tells the service manager that requests are answered.
  ///
  /// - Parameter status: what it shows from then on; nil for what is served.
  func tellReady(_ status: String? = nil) {
    let text = status ?? "Serving \(places)"
    readyStatus = text
    manager.tellReady(text)
  }

  private var places: String { server.addresses.map { "\(shown($0))" }.joined(separator: ", ") }

  /// The address that an inherited socket has, or the one that was given.
  private func shown(_ address: ListenAddress) -> ListenAddress {
    guard case .inherited(let descriptor) = address else { return address }
    return LocalAddress.bound(to: descriptor) ?? address
  }

  /// Ends the server as soon as its requests are answered, and tells what it has done.
  func stop() {
    compression.stop()
    server.stop()
    // Until here it has told that the server drains.
    admin?.stop()
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

  /// Serves a new release if there is one, and tells of a proxy that is not trusted.
  func followReleases() {
    tellOfProxy()
    lookForApp()
    for notice in server.takeNotices() { Console.diagnose(notice) }
    // A reload under way reads them anyway.
    guard reading == nil else { return }
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

  /// Looks whether the app listens, until it does: the server is ready then.
  private func lookForApp() {
    guard let address = awaitedApp else { return }
    guard server.readiness == .starting else {
      awaitedApp = nil
      return
    }
    if address.isAccepting { server.noteAppListens() }
  }

  private func noteRelease(_ table: FileTable) {
    if admin != nil { release.note(table, plan) }
  }

  /// Tells once that a proxy is not trusted, with what to write.
  private func tellOfProxy() {
    guard !hasToldOfProxy, let address = server.untrustedProxy else { return }
    hasToldOfProxy = true
    let network = address.contains(":") ? "\(address)/128" : "\(address)/32"
    Console.diagnose(
      "\(address) says over which scheme requests came, and is not trusted, so the app is not told; if "
        + "it is your proxy, add --trust-proxy \(network)"
    )
  }

  /// Does what SIGUSR1 asks for: the access log goes to the file that has its name now.
  func reopenLogs() {
    do {
      try started.logging.reopen(log)
    } catch {
      (error as? CommandFailure)?.report()
    }
  }

  /// Does what SIGHUP asks for: the log is opened again, and files and configuration are read again.
  ///
  /// When either is wrong, both stay as they are.
  /// Returns at once; `tend` finishes it.
  func reloadAll() {
    reopenLogs()
    guard reading == nil else {
      isAskedAgain = true
      return
    }
    manager.tellReloading()
    let inherited = started.inherited
    do {
      reading = try Reading(
        {
          var options = ServingOptions(try Invocation.readAgain())
          options.inherited = inherited
          return options
        },
        configure,
        upstreamPaths: upstreamPaths
      )
    } catch {
      reportFailure(error)
    }
  }

  private func finishReading() {
    guard let result = reading?.take() else { return }
    reading = nil
    do {
      try apply(try result.get())
    } catch {
      reportFailure(error)
    }
    guard isAskedAgain else { return }
    isAskedAgain = false
    reloadAll()
  }

  /// Serves what was read; when changes cannot be followed, all stays as it was.
  private func apply(_ read: Reading.Prepared) throws {
    // A watch that is there already is one of other directories, maybe.
    let watch =
      read.plan.isRefreshed ? try DirectoryWatch(read.plan.mounts.map(\.directory)) : nil
    // A root that was emptied has a table, too.
    if loss.watches(read.plan) {
      let finding = loss.look(isReloading: true)
      if case .began(let reason) = finding { Console.diagnose(reason) }
      guard finding == .none || finding == .ended else {
        if let readyStatus { manager.tellReloaded(readyStatus) }
        return
      }
    }
    let before = options
    options = read.options
    plan = read.plan
    releases = read.releases
    loss = RootLoss(plan)
    self.watch = watch
    loader.show(read.table, read.plan, read.configuration)
    noteRelease(read.table)
    compression.compress(read.table.uncodedFiles)
    // The table was read without the codings that are there already.
    compression.offerAgain()
    if let count = ReloadRules.concurrency(options.arguments),
      ReloadRules.concurrency(started.arguments) != nil,
      count != ReloadRules.concurrency(before.arguments)
    {
      server.setUpstreamConcurrency(count)
    }
    TableWarnings.tell(read.table.warnings)
    for line in ReloadRules.notices(started.arguments, options.arguments) { Console.diagnose(line) }
    Console.notice("Reloaded: \(summary(read.table))\(origin)")
    // What has changed since the table was built is not noticed by the new watch.
    if watch != nil { reload() }
    if let readyStatus { manager.tellReloaded(readyStatus) }
  }

  private func reportFailure(_ error: any Error) {
    let reason = Self.reason(error)
    Console.diagnose(
      "reload failed, files and configuration from before are kept: \(reason)"
    )
    if readyStatus != nil { manager.tellReloaded("Reload failed: \(reason)") }
  }

  private static func reason(_ error: any Error) -> String {
    (error as? CommandFailure)?.lines.joined(separator: "; ") ?? "\(error)"
  }

  /// Serves what is in the directories now; when that cannot be read, what was served before.
  func reload() {
    do {
      // Before the table: what changes while it is built is then noticed.
      try watch?.take()
      switch loss.look(isReloading: true) {
      case .none, .ended: break
      case .began(let reason):
        Console.diagnose(reason)
        return
      case .goesOn: return
      }
      let table = try plan.buildQuickly()
      loader.show(table, plan)
      noteRelease(table)
      loss.noteTable()
      compression.compress(table.uncodedFiles)
      TableWarnings.tell(table.warnings)
      // In development every change is one.
      guard !plan.isRefreshed else { return }
      Console.notice("Reloaded: \(summary(table))\(origin)")
    } catch {
      Console.diagnose("reload failed, the files from before are served on: \(Self.reason(error))")
    }
  }

  /// Serves the codings that were made since the last table.
  private func addCodings() {
    compression.goOn()
    guard let codings = compression.take() else { return }
    plan.options.addedCodings = codings
    // What cannot be read now is said at the next reload.
    guard let table = try? plan.buildQuickly() else { return }
    loader.show(table, plan)
    compression.compress(table.uncodedFiles)
    Console.print("Compressed: \(Count.of(codings.fileCount, "file")) without stored codings")
  }

  private func announce(_ table: FileTable, _ configuration: ServerConfiguration) {
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
    let addresses = server.addresses.map(shown)
    for address in addresses {
      let place =
        switch address {
        case .ipv4, .ipv6: "http://\(address)"
        case .unix, .inherited: "\(address)"
        }
      let url = "\(place)\(plan.firstPrefix)"
      let isEmpty = plan.mounts.isEmpty && plan.uploads.isEmpty
      let served = isEmpty ? "no files" : "\(summary(table))\(origin)"
      Console.notice("Serving \(served) at \(url)")
    }
    if let forwarding = configuration.forwarding {
      tellApps(forwarding)
      for own in addresses {
        switch own {
        case .ipv4, .ipv6: break
        case .unix, .inherited: continue
        }
        let host = "\(own)".replacing("0.0.0.0", with: "127.0.0.1")
          .replacing("[::]", with: own.leavesIPv4(to: addresses) ? "[::1]" : "127.0.0.1")
        Console.notice("The site is at http://\(host)/")
        break
      }
    }
    if let address = admin?.address {
      Console.notice("Admin pages at \(address.isTCP ? "http://\(address)/" : "\(address)")")
    }
  }

  /// Tells which requests go to which app.
  private func tellApps(_ forwarding: ForwardingConfiguration) {
    let limits = [forwarding.concurrencyMax] + forwarding.others.map(\.concurrencyMax)
    for (number, path) in forwarding.paths.enumerated() {
      guard let address = forwarding.addresses[number] else { continue }
      let limit = limits[number] == 0 ? "" : ", at most \(limits[number]) requests at a time"
      let what = path == "/" ? "the rest" : path
      Console.notice("Forwarding \(what) to \(address)\(limit)")
    }
  }

  private var origin: String { plan.mounts.isEmpty ? "" : " from \(plan.directories)" }

  private func summary(_ table: FileTable) -> String {
    let count = Count.of(table.fileCount, "file")
    guard !table.hasDeferredBodies else { return count }
    return "\(count) (\(Count.bytes(table.memoryByteCount)) in memory)"
  }
}
