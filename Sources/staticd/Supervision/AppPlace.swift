internal import StaticServer

/// Finds where the app listens by its command line, and by the variables that the line sets.
struct AppPlace {
  private let invocation: AppInvocation
  private let port: UInt16
  private let upstream: UpstreamAddress?
  /// The address that the app is given unless it has its own.
  let told: UpstreamAddress
  private let text: (String) -> String?
  private let read: (String) -> String?

  /// - Parameters:
  ///   - port: the app's `PORT`.
  ///   - upstream: the app's address, if it is given.
  ///   - told: the address that the app is given.
  ///   - text: the text of a file; nil if it cannot be read.
  ///   - read: the value of a variable as the app finds it, except for those that give it an
  ///     address.
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

  /// Where the app listens by its own configuration, and whether it has one; otherwise it is given
  /// an address.
  ///
  /// With `--upstream`, a configuration that is not understood is accepted as the app's own.
  func listening() throws -> (binds: [AppBind], isItsOwn: Bool) {
    guard let server = invocation.server else { return try unknown() }
    do {
      for words in [invocation.arguments, variableWords(server), fileWords(server)] {
        let named = try binds(server, words)
        if named.isEmpty { continue }
        // A script that uses or extends GUNICORN_CMD_ARGS finds our address in it.
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
      // The script replaces our value, and gunicorn's default address is at PORT.
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

  /// The variables that the command line sets in place of ours, as options.
  private func variableWords(_ server: AppServer) -> [String] {
    if server == .gunicorn {
      // Arguments inserted into the command line override the variable.
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

  /// The address of an unknown app: from the words after a server's name, else from `PORT` if the
  /// command line sets it.
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
