internal import ArgumentParser
internal import StaticServer

/// The command `staticd run`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Serve static files, and run the app beside them.",
    usage: "staticd run [<options>] -- <command> [<argument> ...]",
    discussion: """
      Takes the options of 'staticd serve', starts COMMAND, and ends with its exit status (128+n \
      for a signal). gunicorn, uvicorn and hypercorn get a private Unix socket; any other program \
      is to listen at 127.0.0.1, at the port in PORT. HUP, USR1, USR2, TTIN, TTOU and WINCH go on \
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

  @Option(
    help: ArgumentHelp(
      "Where the app listens: HOST:PORT or unix:PATH. (default: a private socket or port)",
      valueName: "address"
    )
  )
  var upstream: String?

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
    let address = try upstreamAddress()
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
    let site = try ServingSite(options)
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

  private func upstreamAddress() throws -> ListenAddress? {
    guard let upstream else { return nil }
    let address: ListenAddress
    do throws(ListenAddress.Malformed) {
      address = try ListenAddress(upstream)
    } catch {
      throw CommandFailure(.usage, "--upstream \(error)")
    }
    switch address {
    case .unix: return address
    case .ipv4(_, let port) where port > 0: return address
    case .ipv6(_, let port) where port > 0: return address
    case .ipv4, .ipv6, .inherited:
      throw CommandFailure(
        .usage,
        "--upstream '\(upstream)': give unix:PATH, or HOST:PORT with a port"
      )
    }
  }

  private func freePort() throws -> UInt16 {
    do throws(ServerError) {
      if case .ipv4(_, let port) = try ListenAddress.freeLocal() { return port }
    } catch {
      throw CommandFailure(.system, error.description)
    }
    preconditionFailure("a local address is one of IPv4")
  }
}
