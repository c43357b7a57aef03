internal import StaticServer

/// How a server is told where to listen.
extension AppServer {
  /// Whether it can be told to listen at a Unix socket.
  var listensAtSockets: Bool {
    switch self {
    case .gunicorn, .uvicorn, .hypercorn, .waitress: true
    // granian knows them since version 2.6 only; the others as an option of few versions, or not.
    case .granian, .daphne, .uwsgi, .flask, .fastapi, .puma, .thin, .runserver: false
    }
  }

  /// Whether variables tell it everything, so that it is told behind a shell, too.
  var readsVariables: Bool {
    switch self {
    case .gunicorn, .uvicorn, .granian, .uwsgi, .flask, .fastapi, .puma, .thin: true
    case .hypercorn, .daphne, .waitress, .runserver: false
    }
  }

  /// Whether variables give what the options leave out, the host or the port.
  var completesFromVariables: Bool { self == .granian || self == .flask }

  /// Whether nothing but `PORT` tells it.
  var isToldByPort: Bool { self == .puma || self == .thin }

  /// What has to stand behind its name so that it listens at `address`.
  ///
  /// - Parameter readsProxyProtocol: whether gunicorn is to expect the PROXY protocol.
  func listeningArguments(_ address: UpstreamAddress, readsProxyProtocol: Bool) -> [String] {
    // Not the last one: newer versions of gunicorn would take a word behind it for its value.
    let first = readsProxyProtocol ? ["--proxy-protocol"] : []
    switch (self, address) {
    case (.gunicorn, .unix):
      // Its uvicorn workers trust peers by address alone, which a Unix socket has not.
      return first + ["--bind", "\(address)", "--forwarded-allow-ips", "*"]
    case (.gunicorn, .tcp): return first + ["--bind", "\(address)"]
    case (.hypercorn, _): return ["--bind", "\(address)"]
    case (.daphne, .unix(let path)): return ["-u", path]
    case (.daphne, .tcp(_, let port)): return ["-b", address.hostText, "-p", "\(port)"]
    case (.waitress, .unix(let path)):
      // The name that it has for the peers of a Unix socket. It takes the others of our fields away
      // unless it is told to leave them.
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

  /// What to write so that it listens where requests are sent, for messages.
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
