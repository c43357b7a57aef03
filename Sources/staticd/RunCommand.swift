internal import ArgumentParser
internal import StaticServer

/// The command `staticd run`.
struct RunCommand: ParsableCommand, OptionChecking {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Serve static files, and run the app that answers the rest.",
    usage: "staticd run [<options>] -- <command> [<argument> ...]",
    discussion: """
      Takes the options of 'staticd serve', starts COMMAND, and ends with its exit status (128+n \
      for a signal). gunicorn, uvicorn and hypercorn get a private Unix socket; any other program \
      is to listen at 127.0.0.1, at the port in PORT; --upstream says where else. HUP, USR1, USR2, TTIN, TTOU and WINCH go on \
      to the app. TERM, INT and QUIT finish the requests in flight first, then go on to the app, \
      which is killed when --grace is over; a second one goes on at once.
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
    let app = try AppCommand(
      command,
      upstream: address,
      socketPath: directory.socketPath,
      port: try freePort(),
      variable: Environment.value
    )
    let site = try ServingSite(options, try serverConfiguration(app.address))
    let supervisor = try Supervisor(
      site,
      app,
      signals: signals,
      descriptorLimit: descriptorLimit,
      graceMilliseconds: Int64(options.limits.grace) * 1000,
      restartsOnFailure: restart == .onFailure
    )
    let status = supervisor.run()
    withExtendedLifetime(directory) {}
    throw ExitCode(status)
  }

  func checkOptions() throws {
    try options.check()
    _ = try serverConfiguration(try options.forwarding.address() ?? .unix(path: "/"))
  }

  private func serverConfiguration(_ address: UpstreamAddress) throws -> ServerConfiguration {
    let hold = try ForwardingConfiguration.Range.holdSeconds.checked(
      startTimeout,
      "--start-timeout"
    )
    var configuration = try options.serverConfiguration(app: address)
    configuration.forwarding?.startupHold = hold
    return configuration
  }

  private func freePort() throws -> UInt16 {
    do throws(ServerError) {
      return try UpstreamAddress.freePort()
    } catch {
      throw CommandFailure(.system, error.description)
    }
  }
}
