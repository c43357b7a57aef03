internal import ArgumentParser
internal import Glibc
internal import StaticServer

/// The command `staticd run`.
struct RunCommand: ParsableCommand, OptionChecking {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Serve static files, and run the app that answers the rest.",
    usage: "staticd run [<options>] -- <command> [<argument> ...]",
    discussion: """
      Takes the options of 'staticd serve', starts COMMAND, and ends with its exit status (128+n \
      for a signal). gunicorn, uvicorn, hypercorn and waitress get a private Unix socket; any other program \
      is to listen at 127.0.0.1, at the port in PORT; --upstream says where else. HUP, USR1, USR2, \
      TTIN, TTOU and WINCH go on to the app. TERM, INT and QUIT finish the requests in flight \
      first, then go on to the app, which closes its WebSockets and is killed when --grace is over; \
      a second one goes on at once.
      """
  )

  /// When the app is started again.
  enum RestartPolicy: String, ExpressibleByArgument, CaseIterable {
    case never
    case onFailure = "on-failure"
  }

  @OptionGroup var options: ServingOptions

  @OptionGroup var configurationFile: ConfigurationOptions

  @Option(
    help: ArgumentHelp(
      "Seconds that requests wait for an app that does not listen yet; then 503.",
      valueName: "s"
    )
  )
  var startTimeout = 30

  @Option(
    help: ArgumentHelp(
      "Whether an app that fails is started again, after 1 s, 2 s, 4 s and so on, at most 60 s.",
      valueName: "never|on-failure"
    )
  )
  var restart = RestartPolicy.never

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("The app's program and its arguments.", valueName: "command")
  )
  var command: [String] = []

  func run() throws {
    guard !command.isEmpty else {
      throw CommandFailure(.usage, "no app to run; give its command after '--'")
    }
    let address = try options.forwarding.address()
    let signals = try Supervisor.blockSignals()
    // Ours is raised for connections.
    let descriptorLimit = DescriptorLimit.current
    let directory = try PrivateDirectory()
    let listeners = try options.addresses()
    let app = try AppCommand(
      command,
      upstream: address,
      socketPath: directory.socketPath,
      port: try freePort(besides: listeners),
      variable: Environment.value
    )
    try app.refuseOverlap(with: listeners)
    let concurrency = UpstreamConcurrency(
      app.invocation,
      hasFile: { unsafe access($0, F_OK) == 0 },
      variable: Environment.value
    )
    for notice in app.notices { Console.diagnose(notice) }
    var configuration = try serverConfiguration(app.address, concurrency)
    configuration.forwarding?.firstReadByteCount = app.invocation.server?.firstReadByteCount ?? 0
    // The supervisor tells the app, which then closes its WebSockets itself.
    configuration.forwarding?.endsTunnelsAtStop = false
    let site = try ServingSite(options, configuration)
    let supervisor = try Supervisor(
      site,
      app,
      signals: signals,
      descriptorLimit: descriptorLimit,
      privateSocket: app.address == .unix(path: directory.socketPath) ? directory : nil,
      concurrency: options.forwarding.queue.upstreamConcurrency == .auto ? concurrency : nil,
      graceMilliseconds: Int64(options.limits.grace) * 1000,
      restartsOnFailure: restart == .onFailure
    )
    let status = supervisor.run()
    withExtendedLifetime(directory) {}
    throw ExitCode(status)
  }

  func checkOptions() throws {
    let address = try options.forwarding.address() ?? .unix(path: "/")
    try options.check(app: address)
    _ = try serverConfiguration(address)
  }

  /// Throws for an app's command without `--` before it.
  static func refuseMissingTerminator(_ command: String, _ given: GivenArguments) throws {
    guard command == configuration.commandName, let word = given.positional,
      !given.hasUnknownFirst
    else { return }
    throw CommandFailure(
      .usage,
      "'\(word)': put -- before the command: staticd run [OPTION ...] -- \(word) ..."
    )
  }

  private func serverConfiguration(
    _ address: UpstreamAddress,
    _ concurrency: UpstreamConcurrency = .auto
  ) throws -> ServerConfiguration {
    let hold = try ForwardingConfiguration.Range.holdSeconds.checked(
      startTimeout,
      "--start-timeout"
    )
    var configuration = try options.serverConfiguration(app: address, concurrency: concurrency)
    configuration.forwarding?.startupHold = hold
    return configuration
  }

  /// A port of 127.0.0.1 that nobody uses, and that the server will not use either.
  private func freePort(besides listeners: [ListenAddress]) throws -> UInt16 {
    do throws(ServerError) {
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
