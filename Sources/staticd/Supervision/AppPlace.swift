internal import StaticServer

/// Finds where the app listens by its own command line, and by the variables that this sets.
struct AppPlace {
  private let invocation: AppInvocation
  private let port: UInt16
  private let upstream: UpstreamAddress?
  /// Where the app is told to listen unless it is its own choice.
  let told: UpstreamAddress
  private let text: (String) -> String?
  private let read: (String) -> String?

  /// - Parameters:
  ///   - port: the app's `PORT`.
  ///   - upstream: where it listens, if that is said.
  ///   - told: where it is told to listen.
  ///   - text: the text of a file; nil for one that cannot be read.
  ///   - read: the value of a variable as the app finds it, beside those that it is told by.
  init(
    _ invocation: AppInvocation,
    port: UInt16,
    upstream: UpstreamAddress?,
    told: UpstreamAddress,
    text: @escaping (String) -> String?,
    read: @escaping (String) -> String?
  ) {
    self.invocation = invocation
    self.port = port
    self.upstream = upstream
    self.told = told
    self.text = text
    self.read = read
  }

  /// Where the app listens by itself, and whether it does; else it is told where.
  ///
  /// An app that `--upstream` is given for may be told so in a way that is not understood.
  func listening() throws -> (binds: [AppBind], isItsOwn: Bool) {
    guard let server = invocation.server else { return try unknown() }
    do {
      for words in [invocation.arguments, variableWords(server), fileWords(server)] {
        let named = try binds(server, words)
        if named.isEmpty { continue }
        // A script that uses or completes GUNICORN_CMD_ARGS finds in it what gunicorn is told.
        let isTold = server == .gunicorn && invocation.insertionIndex == nil
        return isTold && named.map(\.upstream) == [told] ? ([], false) : (named, true)
      }
    } catch {
      guard upstream != nil else { throw error }
      return ([], true)
    }
    if server.isToldByPort, upstream == nil, let own = try assignedPort() { return ([own], true) }
    guard invocation.insertionIndex == nil else { return ([], false) }
    if server == .gunicorn, invocation.assignments[GunicornArguments.variable] != nil {
      // Ours is gone, and by itself gunicorn listens at PORT.
      return upstream != nil
        ? ([], true) : ([try AppBind(host: "0.0.0.0", port: "\(port)", words: "")], true)
    }
    guard !server.readsVariables else { return ([], false) }
    if upstream != nil { return ([], true) }
    let (host, standardPort) = server.standard
    return ([try AppBind(host: host, port: "\(standardPort)", words: "")], true)
  }

  private func binds(_ server: AppServer, _ words: [String]) throws -> [AppBind] {
    let variables = server.words(of: [.init("--host"), .init("--port")]) {
      invocation.assignments[$0]
    }
    let options = CommandOptions(variables)
    return try server.binds(
      words,
      completing: (
        options.last(.init("--host")) ?? "127.0.0.1",
        options.last(.init("--port")).flatMap { UInt16($0) } ?? port
      ),
      in: invocation.directory
    )
  }

  /// What variables that the command line sets say, in place of ours: as options.
  private func variableWords(_ server: AppServer) -> [String] {
    if server == .gunicorn {
      // Words that are put into its command line win over the variable.
      guard invocation.insertionIndex == nil,
        let value = invocation.assignments[GunicornArguments.variable]
      else { return [] }
      return GunicornArguments(value).options.arguments
    }
    return server.words(of: server.listenOptions.map(\.option)) { invocation.assignments[$0] }
  }

  private func fileWords(_ server: AppServer) -> [String] {
    guard server == .uwsgi else { return [] }
    return UwsgiFile.words(
      invocation.options,
      server.listenOptions.map(\.option.long),
      text: { name in text(AppInvocation.joined(invocation.directory, name) ?? name) },
      variable: { $0 == "PORT" ? "\(port)" : read($0) }
    )
  }

  /// An app of which only words are known: addresses behind a word that has a server's name are
  /// taken, and `PORT`, if the command line sets it.
  private func unknown() throws -> (binds: [AppBind], isItsOwn: Bool) {
    guard upstream == nil else { return ([], false) }
    for presumed in invocation.presumed {
      let named = try? presumed.server.binds(
        presumed.arguments,
        completing: ("127.0.0.1", port),
        in: invocation.directory
      )
      if let named, !named.isEmpty { return (named, true) }
    }
    guard let own = try assignedPort() else { return ([], false) }
    return ([own], true)
  }

  /// `PORT`, if the command line sets it.
  private func assignedPort() throws -> AppBind? {
    guard let port = invocation.assignments["PORT"].flatMap({ UInt16($0) }) else { return nil }
    return try AppBind(host: "127.0.0.1", port: "\(port)", words: "PORT=\(port)")
  }
}
