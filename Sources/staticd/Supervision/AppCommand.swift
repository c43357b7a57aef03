internal import StaticServer

/// The app's command line and environment, so that it listens where requests are sent.
///
/// Known servers are given a Unix socket or a port; any other program is expected to listen at
/// `PORT`, as on Heroku. An address on the command line is used as it is. One in GUNICORN_CMD_ARGS
/// is replaced, since gunicorn would trust the clients of a public address (`--forwarded-allow-ips
/// '*'`).
struct AppCommand: Equatable {
  /// The program and its arguments.
  let arguments: [String]
  /// The number of words of the given command, which are the last words of our command line.
  let givenCount: Int
  /// The variables to set in addition to the inherited ones.
  let variables: [String: String]
  /// Variables that would override ours, and are not passed on.
  let removed: Set<String>
  /// Where it will listen.
  let address: UpstreamAddress
  /// The addresses on its command line, or its default ones if they cannot be changed.
  let binds: [AppBind]
  /// The server that is started, if it is a known one.
  let invocation: AppInvocation
  /// Whether each request is preceded by the PROXY protocol.
  let sendsProxyProtocol: Bool
  /// The size of the app's first read(2) of a connection.
  let firstRead: FirstRead
  /// Notices about the plan, one line each.
  let notices: [String]

  /// Plans how to start `command`.
  ///
  /// - Parameters:
  ///   - command: at least the program.
  ///   - upstream: the app's address, if it is given; the app is then configured to listen there.
  ///   - socketPath: a path for a private socket.
  ///   - port: a free TCP port of this machine.
  ///   - proxyProtocol: whether the PROXY protocol conveys the client's address to the app.
  ///   - hasFile: whether the working directory has a file of this name.
  ///   - text: the text of a file; nil if it cannot be read.
  ///   - variable: the value of an environment variable.
  /// - Throws: `CommandFailure` if the app is configured to listen where no request can be sent.
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
      // A script that extends the variable finds our value in it.
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

  /// A daemon's parent exits at once, which would look like the end of the app.
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
