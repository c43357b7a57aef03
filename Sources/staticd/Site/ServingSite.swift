internal import Glibc
internal import StaticAssets
internal import StaticCollector
internal import StaticServer

/// A running server, and the files that it follows.
final class ServingSite {
  let server: Server

  private let plan: TablePlan
  private let loader: TableLoader
  private let watch: DirectoryWatch?
  private var releases: ReleaseWatch
  private let logging: LogOptions
  private let log: AccessLog?
  private let proxyWarnings: [String]
  /// Whether the sources are served because DEBUG says so.
  private let followsDebug: Bool
  private var hasToldOfProxy = false

  /// Builds the table and begins to serve it as `configuration` says, which was made of `options`;
  /// tells where.
  init(_ options: ServingOptions, _ configuration: ServerConfiguration) throws {
    DescriptorLimit.raise()
    var configuration = configuration
    logging = options.logging
    followsDebug = options.arguments.origin(of: .autorefresh) == "DEBUG"
    proxyWarnings = ProxyOptions(arguments: options.arguments).warnings()
    log = try logging.open()
    configuration.accessLog = log
    // Before the table: a release that is published meanwhile is then noticed.
    plan = try TablePlan(
      options.mounts,
      options.policy,
      upstreamPaths: configuration.forwarding?.paths ?? []
    )
    releases = ReleaseWatch(plan)
    watch = plan.isRefreshed ? try DirectoryWatch(plan.mounts.map(\.directory)) : nil
    let table = try plan.buildQuickly()
    do throws(ServerError) {
      server = try Server(table: table, configuration: configuration)
    } catch {
      throw CommandFailure(.system, error.description)
    }
    loader = TableLoader(plan, server)
    announce(table, configuration)
    loader.loadBodies(of: table)
  }

  /// A descriptor that is readable when files have changed; negative for none.
  var watchDescriptor: Int32 { watch?.number ?? -1 }

  /// Ends the server as soon as its requests are answered, and tells what it has done.
  func stop() {
    server.stop()
    let counts = server.statistics
    Console.print(
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
    if releases.hasChanged() { reload() }
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

  /// Does what SIGHUP asks for: files and log are opened again.
  func reloadAll() {
    reload()
    do {
      try logging.reopen(log)
    } catch {
      (error as? CommandFailure)?.report()
    }
  }

  /// Serves what is in the directories now; when that cannot be read, what was served before.
  func reload() {
    do {
      // Before the table: what changes while it is built is then noticed.
      try watch?.take()
      let table = try plan.buildQuickly()
      loader.show(table)
      TableWarnings.tell(table.warnings)
      // In development every change is one.
      guard !plan.isRefreshed else { return }
      Console.print("Reloaded: \(summary(table)) from \(plan.directories)")
    } catch {
      let reason = (error as? CommandFailure)?.lines.joined(separator: "; ") ?? "\(error)"
      Console.diagnose("reload failed, the files from before are served on: \(reason)")
    }
  }

  private func announce(_ table: FileTable, _ configuration: ServerConfiguration) {
    TableWarnings.tell(table.warnings)
    if followsDebug {
      Console.print("DEBUG is True: the sources are served, and changes are followed at once")
    }
    for warning in proxyWarnings { Console.diagnose("warning: \(warning)") }
    if case .platform(let platform) = configuration.forwardingPolicy.trust {
      Console.print("\(platform)'s router is trusted, as \(platform.variable) is set")
    }
    for address in server.addresses {
      let place =
        switch address {
        case .ipv4, .ipv6: "http://\(address)"
        case .unix, .inherited: "\(address)"
        }
      let url = "\(place)\(plan.mounts[0].prefix)"
      Console.print("Serving \(summary(table)) from \(plan.directories) at \(url)")
    }
    if let forwarding = configuration.forwarding {
      tellApps(forwarding)
      for own in server.addresses {
        guard case .ipv4 = own else { continue }
        let host = "\(own)".replacing("0.0.0.0", with: "127.0.0.1")
        Console.print("The site is at http://\(host)/")
        break
      }
    }
  }

  /// Tells which requests go to which app.
  private func tellApps(_ forwarding: ForwardingConfiguration) {
    let limits = [forwarding.concurrencyMax] + forwarding.others.map(\.concurrencyMax)
    for (number, path) in forwarding.paths.enumerated() {
      guard let address = forwarding.addresses[number] else { continue }
      let limit = limits[number] == 0 ? "" : ", at most \(limits[number]) requests at a time"
      let what = path == "/" ? "the rest" : path
      Console.print("Forwarding \(what) to \(address)\(limit)")
    }
  }

  private func summary(_ table: FileTable) -> String {
    let count = Count.of(table.fileCount, "file")
    guard !table.hasDeferredBodies else { return count }
    return "\(count) (\(Count.bytes(table.memoryByteCount)) in memory)"
  }
}
