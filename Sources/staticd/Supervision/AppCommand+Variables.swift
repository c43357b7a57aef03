internal import StaticServer

/// The variables by which an app is told where to listen, also one that is started by a script.
extension AppCommand {
  /// The variables to set for an app that is told to listen at `address`, and those to leave out.
  static func variables(
    _ address: UpstreamAddress,
    _ port: UInt16,
    _ invocation: AppInvocation,
    _ gunicorn: GunicornArguments,
    _ readsProxyProtocol: Bool
  ) -> (set: [String: String], removed: Set<String>) {
    var variables = ending(invocation)
    variables["PORT"] = "\(port)"
    variables[GunicornArguments.variable] = gunicorn.telling(
      AppServer.gunicorn.listeningArguments(address, readsProxyProtocol: readsProxyProtocol)
    )
    // Of uvicorn's settings a descriptor wins over a socket, and that over host and port.
    var removed: Set<String> = ["UVICORN_FD", "GRANIAN_FD"]
    switch address {
    case .unix(let path):
      variables["UVICORN_UDS"] = path
      // Nobody but this process can connect to the socket, and its peers have no address.
      variables["UVICORN_FORWARDED_ALLOW_IPS"] = "*"
    case .tcp(_, let port):
      variables["PORT"] = "\(port)"
      removed.formUnion(["UVICORN_UDS", "GRANIAN_UDS"])
      for name in ["UVICORN", "GRANIAN", "FLASK_RUN"] {
        variables["\(name)_HOST"] = address.hostText
        variables["\(name)_PORT"] = "\(port)"
      }
      // On its command line it has the same address already, and cannot open it twice.
      if invocation.insertionIndex == nil {
        variables["UWSGI_HTTP_SOCKET"] = "\(address)"
      } else if invocation.server == .uwsgi {
        removed.insert("UWSGI_HTTP_SOCKET")
      }
    }
    return (variables, removed)
  }

  /// The variables for an app whose command line says where it listens, at `address`.
  static func completing(
    _ address: UpstreamAddress,
    _ port: UInt16,
    _ invocation: AppInvocation
  ) -> [String: String] {
    var variables = ending(invocation)
    variables["PORT"] = "\(port)"
    guard case .tcp(_, let named) = address else { return variables }
    variables["PORT"] = "\(named)"
    guard invocation.server?.completesFromVariables == true else { return variables }
    for name in ["GRANIAN", "FLASK_RUN"] {
      variables["\(name)_HOST"] = "127.0.0.1"
      variables["\(name)_PORT"] = "\(named)"
    }
    return variables
  }

  /// What makes the app end at SIGTERM: uWSGI starts its workers again instead.
  private static func ending(_ invocation: AppInvocation) -> [String: String] {
    invocation.server == .uwsgi ? ["UWSGI_DIE_ON_TERM": "true"] : [:]
  }
}
