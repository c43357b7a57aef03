internal import StaticServer

/// The app's command line and environment, so that it listens where we look for it.
///
/// Servers of which it is known how are told to use a Unix socket; any other program is expected
/// to listen at `PORT`, as it would on Heroku.
struct AppCommand: Equatable {
  /// The program and its arguments.
  let arguments: [String]
  /// The variables to set beside those that are set.
  let variables: [String: String]
  /// Where it will listen.
  let address: UpstreamAddress

  /// Plans how to start `command`.
  ///
  /// - Parameters:
  ///   - command: at least the program.
  ///   - upstream: where it listens, if that is said; then it is told so too.
  ///   - socketPath: a path for a socket of our own.
  ///   - port: a TCP port of our own of this machine.
  ///   - variable: the value of a variable of the environment.
  init(
    _ command: [String],
    upstream: UpstreamAddress?,
    socketPath: String,
    port: UInt16,
    variable: (String) -> String?
  ) throws {
    let server = AppServer(command)
    let told = try upstream == nil ? server?.explicitAddress(command) : nil
    if let address = upstream ?? told {
      self.address = address
    } else if server?.listensAtSockets == true {
      address = .unix(path: socketPath)
    } else {
      address = .tcp(address: [127, 0, 0, 1], port: port)
    }
    var variables = ["PORT": "\(port)"]
    if case .tcp(_, let port) = address { variables["PORT"] = "\(port)" }
    guard told == nil else {
      arguments = command
      self.variables = variables
      return
    }
    let words = Self.gunicornArguments(address).joined(separator: " ")
    variables["GUNICORN_CMD_ARGS"] = (variable("GUNICORN_CMD_ARGS").map { $0 + " " } ?? "") + words
    switch address {
    case .unix(let path):
      variables["UVICORN_UDS"] = path
      // Over a Unix socket nobody but us can connect, and there is no address to trust.
      variables["UVICORN_FORWARDED_ALLOW_IPS"] = "*"
    case .tcp(_, let port):
      let host = Self.host(of: address)
      for name in ["UVICORN", "GRANIAN"] {
        variables["\(name)_HOST"] = host
        variables["\(name)_PORT"] = "\(port)"
      }
    }
    self.variables = variables
    arguments = command + (server?.listeningArguments(address, command) ?? [])
  }

  /// The app's environment: that of this process, with the variables.
  func environment(_ inherited: [String]) -> [String] {
    let kept = inherited.filter { entry in
      let name = String(entry.prefix { $0 != "=" })
      // Sockets that systemd passes are ours alone. sd_listen_fds(3)
      return variables[name] == nil && !name.hasPrefix("LISTEN_")
    }
    return kept + variables.map { "\($0.key)=\($0.value)" }.sorted()
  }

  private static func gunicornArguments(_ address: UpstreamAddress) -> [String] {
    guard case .unix = address else { return ["--bind", "\(address)"] }
    // Quoted for shlex, which takes it apart. Its workers of uvicorn believe addresses alone.
    return ["--bind", "'\(address)'", "--forwarded-allow-ips", "'*'"]
  }

  /// The host alone, without the brackets of an IPv6 address.
  fileprivate static func host(of address: UpstreamAddress) -> String {
    let text = "\(address)"
    let host = text[..<(text.lastIndex(of: ":") ?? text.endIndex)]
    return String(host.drop { $0 == "[" }.prefix { $0 != "]" })
  }
}

/// An app server that is known by the name of its program.
enum AppServer: String, CaseIterable {
  case gunicorn, uvicorn, hypercorn, granian, daphne
  /// Django's own.
  case runserver

  /// The server that `command` starts, also through another program, such as `python -m` or
  /// `poetry run`.
  init?(_ command: [String]) {
    let words = command.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
    guard let found = words.lazy.compactMap(AppServer.init(rawValue:)).first else { return nil }
    self = found
  }

  /// Whether it can be told to listen at a Unix socket.
  var listensAtSockets: Bool {
    switch self {
    case .gunicorn, .uvicorn, .hypercorn: true
    // Granian knows them since version 2.6 only.
    case .granian, .daphne, .runserver: false
    }
  }

  /// The option that says where it listens; it wins over what the environment says.
  private var options: [String] {
    switch self {
    case .gunicorn, .hypercorn: ["-b", "--bind"]
    case .uvicorn: ["--uds", "--fd"]
    case .granian: ["--uds", "--fd", "--host", "--port"]
    case .daphne: ["-u", "-b", "-p", "--bind", "--port", "--endpoint", "-e"]
    case .runserver: []
    }
  }

  /// Where `command` itself says that it listens; nil when it says nothing.
  ///
  /// - Throws: when it says so in a way that is not understood.
  func explicitAddress(_ command: [String]) throws -> UpstreamAddress? {
    guard let (option, value) = self == .runserver ? argument(command) : optionValue(command) else {
      return nil
    }
    let text =
      switch option {
      case "--uds": "unix:\(value)"
      case "--port": "127.0.0.1:\(value)"
      default: value
      }
    if self != .daphne, option != "--fd", let address = try? UpstreamAddress(text) {
      return address
    }
    throw CommandFailure(
      .usage,
      "the app is told to listen at '\(value)' by \(option); leave that out, or give --upstream"
    )
  }

  /// `PORT` or `HOST:PORT` behind `runserver`.
  private func argument(_ command: [String]) -> (option: String, value: String)? {
    let words = command.drop { $0 != rawValue }.dropFirst().filter { !$0.hasPrefix("-") }
    if let port = words.first(where: { UInt16($0) != nil }) {
      return (rawValue, "127.0.0.1:\(port)")
    }
    return words.first { $0.contains(":") }.map { (rawValue, $0) }
  }

  private func optionValue(_ command: [String]) -> (option: String, value: String)? {
    for option in options {
      for (index, word) in command.enumerated() {
        let isLong = option.hasPrefix("--")
        if word == option { return (option, index + 1 < command.count ? command[index + 1] : "") }
        if isLong, word.hasPrefix("\(option)=") {
          return (option, String(word.dropFirst(option.count + 1)))
        }
        if !isLong, word.hasPrefix(option), !word.hasPrefix("--") {
          return (option, String(word.dropFirst(option.count)))
        }
      }
    }
    return nil
  }

  /// What is to be added for servers that read no variable.
  func listeningArguments(_ address: UpstreamAddress, _ command: [String]) -> [String] {
    switch self {
    case .gunicorn, .uvicorn, .granian: return []
    case .hypercorn: return ["--bind", "\(address)"]
    case .daphne:
      switch address {
      case .unix(let path): return ["-u", path]
      case .tcp(_, let port): return ["-b", AppCommand.host(of: address), "-p", "\(port)"]
      }
    case .runserver: return ["\(address)"]
    }
  }
}
