internal import StaticServer

/// The app's command line and environment, so that it listens where requests are sent.
///
/// Servers of which it is known how are told to use a Unix socket or a port of their own; any other
/// program is expected to listen at `PORT`, as it would on Heroku. An address that the command line
/// itself names is taken from there. One in GUNICORN_CMD_ARGS is not: ours takes its place, so that
/// no public address is open whose clients gunicorn would believe (`--forwarded-allow-ips '*'`).
struct AppCommand: Equatable {
  /// The program and its arguments.
  let arguments: [String]
  /// How many words the command has that the plan was made of; they end our own command line.
  let givenCount: Int
  /// The variables to set beside those that are set.
  let variables: [String: String]
  /// Variables that would win over ours, and are not passed on.
  let removed: Set<String>
  /// Where it will listen.
  let address: UpstreamAddress
  /// The addresses that its command line names, or that it has by itself and cannot be told otherwise.
  let binds: [AppBind]
  /// The server that is started, if it is known.
  let invocation: AppInvocation
  /// Whether each request begins with the PROXY protocol.
  let sendsProxyProtocol: Bool
  /// What is known of the app's first read(2) of a connection.
  let firstRead: FirstRead
  /// What is to be said about the plan: one line each.
  let notices: [String]

  /// Plans how to start `command`.
  ///
  /// - Parameters:
  ///   - command: at least the program.
  ///   - upstream: where it listens, if that is said; then it is told so too.
  ///   - socketPath: a path for a socket of our own.
  ///   - port: a TCP port of our own of this machine.
  ///   - proxyProtocol: whether the app is to be told clients by the PROXY protocol.
  ///   - hasFile: whether the working directory has a file of this name.
  ///   - text: the text of a file; nil for one that cannot be read.
  ///   - variable: the value of a variable of the environment.
  /// - Throws: `CommandFailure` when it is told to listen where no request can be sent.
  init(
    _ command: [String],
    upstream: UpstreamAddress?,
    socketPath: String,
    port: UInt16,
    proxyProtocol: ProxyProtocolUse.Choice = .off,
    hasFile: (String) -> Bool = { _ in false },
    text: @escaping (String) -> String? = { _ in nil },
    variable: @escaping (String) -> String?
  ) throws {
    givenCount = command.count
    let gunicorn = GunicornArguments(variable(GunicornArguments.variable))
    let invocation = AppInvocation(command) { name in
      switch name {
      case "PORT": "\(port)"
      // What a script completes is what it is given.
      case GunicornArguments.variable:
        gunicorn.telling(
          AppServer.gunicorn.listeningArguments(
            upstream ?? .unix(path: socketPath),
            readsProxyProtocol: false
          )
        )
      default: variable(name)
      }
    }
    self.invocation = invocation
    let read = { (name: String) in invocation.assignments[name] ?? variable(name) }
    try Self.refuseDaemon(invocation, read)
    try invocation.server?.refuseTLS(invocation.arguments, read)
    let place = AppPlace(
      invocation,
      port: invocation.assignments["PORT"].flatMap { UInt16($0) } ?? port,
      upstream: upstream,
      told: upstream ?? Self.address(invocation, socketPath, port),
      text: text,
      read: read
    )
    let listening = try place.listening()
    binds = listening.binds
    let settings = GunicornSettings(invocation.options, hasFile: hasFile, read)
    firstRead = FirstRead(
      byteCount: invocation.server?.firstReadByteCount ?? 0,
      isCertain: invocation.server != .gunicorn || !settings.hasFile
    )
    let protocolUse = try ProxyProtocolUse(
      proxyProtocol,
      invocation,
      listensAsTold: !listening.isItsOwn,
      settings
    )
    sendsProxyProtocol = protocolUse.isOn
    if listening.isItsOwn, let address = upstream ?? binds.first?.upstream {
      self.address = address
      arguments = command
      variables = Self.completing(address, port, invocation)
      removed = []
      notices = protocolUse.notice.map { [$0] } ?? []
    } else {
      let told = place.told
      address = told
      let isOn = protocolUse.isOn
      arguments = Self.told(command, invocation, told, isOn)
      (variables, removed) = Self.variables(told, port, invocation, gunicorn, isOn)
      let binds = gunicorn.binds.map {
        "'\($0)' in \(GunicornArguments.variable) is left out: the app listens at \(told)"
      }
      notices = binds + (protocolUse.notice.map { [$0] } ?? [])
    }
  }

  /// A daemon leaves its parent at once: it would seem to have ended.
  private static func refuseDaemon(
    _ invocation: AppInvocation,
    _ read: (String) -> String?
  ) throws {
    guard invocation.server == .gunicorn else { return }
    let words = GunicornArguments(read(GunicornArguments.variable)).options
    for options in [invocation.options, words] {
      guard !options.hasSwitch(.init("-D", "--daemon", shortest: "--da")) else {
        throw CommandFailure(
          .usage,
          "gunicorn leaves the foreground with --daemon and cannot be supervised; leave it out"
        )
      }
    }
  }

  private static func address(
    _ invocation: AppInvocation,
    _ socketPath: String,
    _ port: UInt16
  ) -> UpstreamAddress {
    if invocation.server?.listensAtSockets == true { return .unix(path: socketPath) }
    let isIPv6 =
      invocation.server == .runserver
      && AppServer.host(invocation.options) == "::1"
    let loopback: [UInt8] = isIPv6 ? Array(repeating: 0, count: 15) + [1] : [127, 0, 0, 1]
    return .tcp(address: loopback, port: port)
  }

  private static func told(
    _ command: [String],
    _ invocation: AppInvocation,
    _ address: UpstreamAddress,
    _ readsProxyProtocol: Bool
  ) -> [String] {
    guard let server = invocation.server, let index = invocation.insertionIndex else {
      return command
    }
    let arguments = server.listeningArguments(address, readsProxyProtocol: readsProxyProtocol)
    return Array(command[..<index]) + arguments + command[index...]
  }
}
