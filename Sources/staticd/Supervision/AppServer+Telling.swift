internal import StaticServer

/// How a server is given its address.
extension AppServer {
  /// Whether it can be given a Unix socket.
  var listensAtSockets: Bool {
    switch self {
    case .gunicorn, .uvicorn, .hypercorn, .waitress: true
    // granian supports them since version 2.6; the others do not, or only in few versions.
    case .granian, .daphne, .uwsgi, .flask, .fastapi, .puma, .thin, .runserver: false
    }
  }

  /// Whether variables can give it the whole address, also if a shell starts it.
  var readsVariables: Bool {
    switch self {
    case .gunicorn, .uvicorn, .granian, .uwsgi, .flask, .fastapi, .puma, .thin: true
    case .hypercorn, .daphne, .waitress, .runserver: false
    }
  }

  /// Whether variables complete the options, with host or port.
  var completesFromVariables: Bool { self == .granian || self == .flask }

  /// Whether only `PORT` gives it its address.
  var isToldByPort: Bool { self == .puma || self == .thin }

  /// The arguments after its name that make it listen at `address`.
  ///
  /// - Parameter readsProxyProtocol: whether gunicorn has to expect the PROXY protocol.
  func listeningArguments(_ address: UpstreamAddress, readsProxyProtocol: Bool) -> [String] {
    // Not last: newer versions of gunicorn would take the next word as its value.
    let first = readsProxyProtocol ? ["--proxy-protocol"] : []
    switch (self, address) {
    case (.gunicorn, .unix):
      // Its uvicorn workers trust peers by address only, which peers of a Unix socket do not have.
      return first + ["--bind", "\(address)", "--forwarded-allow-ips", "*"]
    case (.gunicorn, .tcp): return first + ["--bind", "\(address)"]
    case (.hypercorn, _): return ["--bind", "\(address)"]
    case (.daphne, .unix(let path)): return ["-u", path]
    case (.daphne, .tcp(_, let port)): return ["-b", address.hostText, "-p", "\(port)"]
    case (.waitress, .unix(let path)):
      // `localhost` is its name for the peers of a Unix socket. It removes the other forwarding
      // fields by default.
      return [
        "--unix-socket=\(path)", "--trusted-proxy=localhost",
        "--trusted-proxy-headers=x-forwarded-for x-forwarded-proto",
        "--no-clear-untrusted-proxy-headers",
      ]
    case (.waitress, .tcp): return ["--listen=\(address)"]
    case (.uwsgi, .unix(let path)): return ["--http-socket", path]
    case (.uwsgi, .tcp): return ["--http-socket", "\(address)"]
    case (.fastapi, .tcp(_, let port)): return ["--host", address.hostText, "--port", "\(port)"]
    case (.runserver, .tcp): return ["\(address)"]
    case (.uvicorn, _), (.granian, _), (.flask, _), (.puma, _), (.thin, _), (.fastapi, .unix),
      (.runserver, .unix):
      return []
    }
  }

  /// The arguments that make it listen where requests are sent, for messages.
  var remedy: String {
    switch self {
    case .gunicorn, .hypercorn: "\(title) --bind 127.0.0.1:$PORT"
    case .uvicorn: "uvicorn --port $PORT"
    case .granian, .flask, .fastapi:
      "\(title) \(subcommands.first.map { "\($0) " } ?? "")--port $PORT"
    case .daphne, .thin, .puma: "\(title) -p $PORT"
    case .uwsgi: "uwsgi --http-socket 127.0.0.1:$PORT"
    case .waitress: "waitress-serve --listen=127.0.0.1:$PORT"
    case .runserver: "runserver 127.0.0.1:$PORT"
    }
  }
}

extension UpstreamAddress {
  /// The host alone, without the brackets of an IPv6 address; empty for a Unix socket.
  var hostText: String {
    guard case .tcp = self else { return "" }
    let text = "\(self)"
    let host = text[..<(text.lastIndex(of: ":") ?? text.endIndex)]
    return String(host.drop { $0 == "[" }.prefix { $0 != "]" })
  }
}
