internal import ArgumentParser
internal import Glibc
internal import StaticAssets
internal import StaticServer

/// The command `staticd serve`.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve directories of static files over HTTP.",
    discussion: """
      Serves what 'staticd collect' (or Django's collectstatic) left in the root, and public \
      directories as they are: hashed names with a far-future Cache-Control, brotli, gzip and zstd \
      to clients that want them. SIGHUP, or a new release in the root, serves what is there now. \
      SIGTERM finishes the requests in flight and ends. With --upstream, requests for no file go to \
      the app that listens there. A GLOB fits the path below its directory; \
      '*' and '?' match slashes too.
      """
  )

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

  @OptionGroup(title: "Access log")
  var logging: LogOptions

  @OptionGroup(title: "Limits")
  var limits: LimitOptions

  func run() throws {
    let signals = try ProcessSignals.block()
    DescriptorLimit.raise()
    var configuration = try serverConfiguration()
    configuration.accessLog = try logging.open()
    // Before the table: a release that is published meanwhile is then noticed.
    let plan = try TablePlan(mounts, policy, hasApp: configuration.forwarding != nil)
    var releases = ReleaseWatch(plan)
    let watch = plan.isRefreshed ? try DirectoryWatch(plan.mounts.map(\.directory)) : nil
    let table = try plan.build()
    let server: Server
    do throws(ServerError) {
      server = try Server(table: table, configuration: configuration)
    } catch {
      throw CommandFailure(.system, error.description)
    }
    announce(table, server.addresses, plan)
    wait: while true {
      switch signals.wait(seconds: 1, or: watch?.number ?? -1) {
      case .stop: break wait
      case .reload:
        reload(server, plan, watch)
        reopenLog(configuration.accessLog)
      case .readable: reload(server, plan, watch)
      case nil: if releases.hasChanged() { reload(server, plan, watch) }
      }
    }
    // A second signal ends the process at once.
    signals.unblockStop()
    server.stop()
  }

  private func reopenLog(_ log: AccessLog?) {
    do {
      try logging.reopen(log)
    } catch {
      (error as? CommandFailure)?.report()
    }
  }

  /// Serves what is in the directories now; when that cannot be read, what was served before.
  private func reload(_ server: Server, _ plan: TablePlan, _ watch: DirectoryWatch?) {
    do {
      // Before the table: what changes while it is built is then noticed.
      try watch?.take()
      let table = try plan.build()
      server.replaceTable(with: table)
      warn(table)
      Console.print("Reloaded: \(summary(table)) from \(plan.directories)")
    } catch {
      let reason = (error as? CommandFailure)?.lines.joined(separator: "; ") ?? "\(error)"
      Console.diagnose("reload failed, the files from before are served on: \(reason)")
    }
  }

  private func serverConfiguration() throws -> ServerConfiguration {
    var configuration = ServerConfiguration(listeners: try addresses())
    if let workers {
      guard (1...256).contains(workers) else {
        throw CommandFailure(.usage, "--workers \(workers): give a number from 1 to 256")
      }
      configuration.workers = workers
    }
    configuration.forwarding = try forwarding.configuration()
    try limits.apply(to: &configuration)
    return configuration
  }

  private func addresses() throws -> [ListenAddress] {
    var texts = listen
    if texts.isEmpty {
      texts = [Self.environment("PORT").map { "0.0.0.0:\($0)" } ?? "127.0.0.1:8000"]
    }
    do throws(ListenAddress.Malformed) {
      var addresses: [ListenAddress] = []
      for text in texts { addresses.append(try ListenAddress(text)) }
      return addresses
    } catch {
      throw CommandFailure(.usage, "--listen \(error)")
    }
  }

  private func announce(_ table: FileTable, _ addresses: [ListenAddress], _ plan: TablePlan) {
    warn(table)
    for address in addresses {
      let place =
        switch address {
        case .ipv4, .ipv6: "http://\(address)"
        case .unix, .inherited: "\(address)"
        }
      let url = "\(place)\(plan.mounts[0].prefix)"
      Console.print("Serving \(summary(table)) from \(plan.directories) at \(url)")
    }
    if let upstream = forwarding.upstream { Console.print("Forwarding the rest to \(upstream)") }
  }

  private func summary(_ table: FileTable) -> String {
    let megabytes = (Double(table.memoryByteCount) / 104_857.6).rounded() / 10
    return "\(table.fileCount) files (\(megabytes) MiB in memory)"
  }

  private func warn(_ table: FileTable) {
    let shownMax = 20
    for warning in table.warnings.prefix(shownMax) { Console.diagnose("warning: \(warning)") }
    if table.warnings.count > shownMax {
      Console.diagnose("warning: \(table.warnings.count - shownMax) more of these")
    }
  }

  private static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }
}
