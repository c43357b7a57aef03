internal import Glibc
internal import StaticCollector
internal import StaticServer

/// The command `staticd run`.
struct RunCommand: BlockingCommand {
  private let arguments: MergedArguments
  private let options: ServingOptions

  init(_ arguments: MergedArguments, _ projects: ProjectAnswers) {
    self.arguments = arguments
    options = ServingOptions(arguments)
  }

  func run() throws -> Int32 {
    Notice.setFormat(arguments)
    Console.beginServing()
    let command = arguments.appCommand
    guard !command.isEmpty else {
      throw CommandFailure(.usage, "no app to run; give its command after '--'")
    }
    let address = try options.forwarding.address()
    let signals = try Supervisor.blockSignals()
    // Before the first thread, since the environment is changed, and before the app inherits it.
    let manager = ServiceManager.take()
    var options = options
    options.inherited = try InheritedSockets.take()
    // The limit for the app; this process raises its own for connections.
    let descriptorLimit = DescriptorLimit.current
    // Only a private socket needs it: with an app at a port, the file system may be read-only.
    let directory = Result { try PrivateDirectory() }
    let socketPath = (try? directory.get())?.socketPath ?? ""
    let listeners = try options.addresses()
    let admins = try options.adminAddresses()
    let own = listeners + admins
    let hasFile = { (name: String) in unsafe access(name, F_OK) == 0 }
    let app = try AppCommand(
      command,
      upstream: address,
      socketPath: socketPath,
      port: try freePort(besides: own),
      proxyProtocol: options.forwarding.proxyProtocol,
      hasFile: hasFile,
      text: { ProcessTable.contents($0).map { String(decoding: $0, as: UTF8.self) } },
      variable: Environment.value
    )
    let hasPrivateSocket = app.address == .unix(path: socketPath)
    if hasPrivateSocket { _ = try directory.get() }
    try app.refuseOverlap(with: own)
    try options.forwarding.refuseOverlap(with: own)
    let concurrency = UpstreamConcurrency(
      app.invocation,
      hasFile: hasFile,
      variable: Environment.value
    )
    for notice in app.notices { Console.diagnose(notice) }
    let (appAddress, sendsProxyProtocol) = (app.address, app.sendsProxyProtocol)
    let firstRead = app.firstRead
    let configure = { @Sendable (options: ServingOptions) in
      var configuration = try options.serverConfiguration(app: appAddress, concurrency: concurrency)
      configuration.forwarding?.sendsProxyProtocol = sendsProxyProtocol
      configuration.forwarding?.firstReadByteCount = firstRead.byteCount
      configuration.forwarding?.isFirstReadCertain = firstRead.isCertain
      // The supervisor signals the app, which then closes its WebSockets itself.
      configuration.forwarding?.endsTunnelsAtStop = false
      return configuration
    }
    // Report mistakes in the options before the app is started.
    let configuration = try configure(options)
    try options.logging.check()
    let plan = try TablePlan(
      options.mounts,
      options.policy,
      upstreamPaths: configuration.forwarding?.paths ?? []
    )
    _ = try plan.buildPending()
    try plan.checkDirectories()
    // Start the app first, which takes longer than listing the files; but not if the server cannot
    // bind its addresses.
    do throws(StaticServerError) {
      for listener in listeners { try listener.checkIsFree(among: listeners) }
    } catch {
      throw CommandFailure(.system, error.description)
    }
    do throws(StaticServerError) {
      for admin in admins { try admin.checkIsFree(among: []) }
    } catch {
      throw AdminSite.failure(error)
    }
    let process = try Supervisor.start(app, descriptorLimit)
    let site: ServingSite
    let watchdog: Watchdog?
    do {
      site = try ServingSite(options, manager, isBesideApp: true, configure)
      watchdog = try Watchdog.start(manager, site.server)
    } catch {
      process.end()
      throw error
    }
    let supervisor = Supervisor(
      site,
      process,
      app,
      signals: signals,
      manager: manager,
      descriptorLimit: descriptorLimit,
      privateSocket: hasPrivateSocket ? try directory.get() : nil,
      concurrency: options.forwarding.queue.isAutomatic ? concurrency : nil,
      graceMilliseconds: Int64(options.grace) * 1000,
      restartsOnFailure: arguments.text(.restart) == "on-failure"
    )
    let status = supervisor.run()
    withExtendedLifetime((directory, watchdog)) {}
    return status
  }

  func check() throws {
    var mistakes = Mistakes()
    let address = try mistakes.reading { try options.forwarding.address() } ?? nil
    try mistakes.reading { try options.check(app: address ?? .unix(path: "/")) }
    try mistakes.refuse()
  }

  /// A free port of 127.0.0.1 that the server will not use either.
  private func freePort(besides listeners: [ListenAddress]) throws -> UInt16 {
    do throws(StaticServerError) {
      var port = try UpstreamAddress.freePort()
      while AddressOverlap.first(of: listeners, .ipv4(0, port: port)) != nil {
        port = try UpstreamAddress.freePort()
      }
      return port
    } catch {
      throw CommandFailure(.system, error.description)
    }
  }
}
