internal import StaticServer

/// The variables that give an app its address, also if a script starts it.
extension AppCommand {
  /// The variables to set for an app that is given `address`, and those to remove.
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
    // In uvicorn, a file descriptor takes precedence over a socket, and that over host and port.
    var removed: Set<String> = ["UVICORN_FD", "GRANIAN_FD"]
    switch address {
    case .unix(let path):
      variables["UVICORN_UDS"] = path
      // Only this process can connect to the socket, and its peers have no address.
      variables["UVICORN_FORWARDED_ALLOW_IPS"] = "*"
    case .tcp(_, let port):
      variables["PORT"] = "\(port)"
      removed.formUnion(["UVICORN_UDS", "GRANIAN_UDS"])
      for name in ["UVICORN", "GRANIAN", "FLASK_RUN"] {
        variables["\(name)_HOST"] = address.hostText
        variables["\(name)_PORT"] = "\(port)"
      }
      // Its command line has the same address already, which cannot be opened twice.
      if invocation.insertionIndex == nil {
        variables["UWSGI_HTTP_SOCKET"] = "\(address)"
      } else if invocation.server == .uwsgi {
        removed.insert("UWSGI_HTTP_SOCKET")
      }
    }
    return (variables, removed)
  }

  /// The variables for an app whose command line sets its address.
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

  /// The variable that makes uWSGI end at SIGTERM instead of restarting its workers.
  private static func ending(_ invocation: AppInvocation) -> [String: String] {
    invocation.server == .uwsgi ? ["UWSGI_DIE_ON_TERM": "true"] : [:]
  }
}
