internal import StaticServer

/// The addresses on a server's own command line.
extension AppServer {
  /// The addresses in `arguments`; empty if there is none.
  ///
  /// - Parameters:
  ///   - variables: host and port from the server's variables, for servers that complete the
  ///     options with them.
  ///   - directory: where the server is started, if not in the directory of this process.
  /// - Throws: `CommandFailure` for an address that cannot be found or connected to.
  func binds(
    _ arguments: [String],
    completing variables: (host: String, port: UInt16),
    in directory: String? = nil
  ) throws -> [AppBind] {
    let options = CommandOptions(arguments, switches: switches)
    let own = directoryOption.flatMap { options.last($0) }
    guard let directory = AppInvocation.joined(directory, own) else {
      return try binds(options, completing: variables)
    }
    return try binds(options, completing: variables).map { bind in
      try usable(bind.words) { () throws(AppBind.Unusable) in try bind.resolved(in: directory) }
    }
  }

  private func binds(
    _ options: CommandOptions,
    completing variables: (host: String, port: UInt16)
  ) throws -> [AppBind] {
    if self == .runserver { return try runserverBind(options).map { [$0] } ?? [] }
    var binds: [AppBind] = []
    var host: CommandOptions.Given?
    var port: CommandOptions.Given?
    // hypercorn's binds with TLS cannot be used.
    let isSecure = self == .hypercorn && !tlsWords(options).isEmpty
    for (option, meaning) in listenOptions where !isSecure || option == Self.insecureBind {
      for given in options.all(option) {
        switch meaning {
        case .host: host = given
        case .port: port = given
        case .address, .socket, .endpoint, .unusable: binds.append(try bind(given, meaning))
        }
      }
    }
    // daphne listens at all of them; elsewhere a socket takes precedence over host and port.
    guard host != nil || port != nil, binds.isEmpty || self == .daphne else { return binds }
    let rest = completesFromVariables ? variables : standard
    let words = [host, port].compactMap { $0 }.map { "\($0.spelling) \($0.value)" }
      .joined(separator: " ")
    binds.append(
      try usable(words) { () throws(AppBind.Unusable) in
        try AppBind(
          host: host?.value ?? rest.host,
          port: port?.value ?? "\(rest.port)",
          words: words
        )
      }
    )
    return binds
  }

  private func bind(_ given: CommandOptions.Given, _ meaning: Meaning) throws -> AppBind {
    let words = "\(given.spelling) \(given.value)"
    return try usable(words) { () throws(AppBind.Unusable) in
      switch meaning {
      case .socket: try AppBind(socket: Self.path(given.value), words: words)
      case .endpoint: try Self.endpoint(given.value, words)
      case .address:
        try AppBind(given.value, words: words, standardPort: standard.port)
      case .host, .port, .unusable: throw AppBind.Unusable()
      }
    }
  }

  private func usable(
    _ words: String,
    _ body: () throws(AppBind.Unusable) -> AppBind
  ) throws -> AppBind {
    do throws(AppBind.Unusable) {
      return try body()
    } catch {
      let isOurs = listensAtSockets ? "a private socket" : "a private port"
      throw CommandFailure(
        .usage,
        "the app is told by '\(words)' to listen where requests cannot be sent; leave that out and "
          + "\(title) gets \(isOurs), or give --upstream"
      )
    }
  }

  private static func path(_ text: String) -> String {
    text.hasPrefix("unix:") ? String(text.dropFirst(5)) : text
  }

  /// `tcp:8001`, `tcp:port=8001:interface=127.0.0.1` or `unix:/path`, with `\:` for a colon.
  ///
  /// Source: Twisted, `serverFromString`.
  private static func endpoint(_ text: String, _ words: String) throws(AppBind.Unusable) -> AppBind
  {
    let parts = colonParts(text)
    func value(_ name: String) -> String? {
      parts.dropFirst().first { $0.hasPrefix("\(name)=") }.map {
        String($0.dropFirst(name.count + 1))
      }
    }
    let first = parts.dropFirst().first.flatMap { $0.contains("=") ? nil : $0 }
    switch parts[0] {
    case "tcp":
      return try AppBind(
        host: value("interface") ?? "0.0.0.0",
        port: value("port") ?? first ?? "",
        words: words
      )
    case "unix": return try AppBind(socket: value("address") ?? first ?? "", words: words)
    default: throw AppBind.Unusable()
    }
  }

  /// The parts between colons; a backslash escapes a colon.
  private static func colonParts(_ text: String) -> [String] {
    var parts = [""]
    var isEscaped = false
    for character in text {
      if character == ":", !isEscaped {
        parts.append("")
      } else if character != "\\" || isEscaped {
        parts[parts.count - 1].append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    return parts
  }

  /// The options of every command of Django, of Daphne's `runserver` and of django-extensions'
  /// `runserver_plus` that take a value.
  private static let runserverOptions: [CommandOptions.Option] = [
    .init("--settings"), .init("--pythonpath"), .init("-v", "--verbosity"), .init("--http_timeout"),
    .init("--websocket_handshake_timeout"), .init("--reloader-interval"), .init("--reloader-type"),
    .init("--output"), .init("--cert"), .init("--cert-file"), .init("--key-file"),
    .init("--extra-file"), .init("--exclude-pattern"), .init("--truncate-sql"),
    .init("--startup-messages"),
  ]

  /// Whether `text` has the form of `runserver`'s address: `PORT` or `HOST:PORT`.
  ///
  /// Django refuses every other word itself, unless it is the value of an option that is not known
  /// here.
  private static func isRunserverAddress(_ text: String) -> Bool {
    let port = text.lastIndex(of: ":").map { text[text.index(after: $0)...] } ?? text[...]
    return !port.isEmpty && port.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
  }

  /// `PORT` or `HOST:PORT` after `runserver`.
  private func runserverBind(_ options: CommandOptions) throws -> AppBind? {
    let given = options.positionals(valued: Self.runserverOptions)
    guard let text = given.first(where: Self.isRunserverAddress) else { return nil }
    let words = "runserver \(text)"
    return try usable(words) { () throws(AppBind.Unusable) in
      guard let colon = text.lastIndex(of: ":") else {
        guard UInt16(text) != nil else { throw AppBind.Unusable() }
        return try AppBind(host: Self.host(options), port: text, words: words)
      }
      let port = String(text[text.index(after: colon)...])
      return try AppBind(host: String(text[..<colon]), port: port, words: words)
    }
  }

  /// The default host of `runserver`.
  static func host(_ options: CommandOptions) -> String {
    options.hasSwitch("-6", "--ipv6") ? "::1" : "127.0.0.1"
  }
}
