/// Whether an app gets its clients' addresses from the PROXY protocol.
///
/// Over a Unix socket, a WSGI app has an empty REMOTE_ADDR. gunicorn's own workers set it from the
/// PROXY protocol; uvicorn takes the address from X-Forwarded-For.
struct ProxyProtocolUse: Equatable {
  /// The values of `--upstream-proxy-protocol`.
  enum Choice: String {
    /// On if `run` starts gunicorn with workers that are known to read it.
    case auto
    case on, off
  }

  /// Whether requests to the app are preceded by the protocol.
  let isOn: Bool
  /// A notice about the decision.
  var notice: String?

  /// Decides for a command that `run` starts.
  ///
  /// - Parameters:
  ///   - invocation: the app server.
  ///   - listensAsTold: whether it is given its address; otherwise its command line has one.
  ///   - gunicorn: the settings by gunicorn's command line and environment.
  /// - Throws: `CommandFailure` for a server that cannot read the protocol.
  init(
    _ choice: Choice,
    _ invocation: AppInvocation,
    listensAsTold: Bool,
    _ gunicorn: GunicornSettings
  ) throws {
    switch (choice, invocation.server) {
    case (.off, _): isOn = false
    case (.on, .gunicorn):
      guard gunicorn.workers != .uvicorn else { throw Self.refusal("uvicorn's workers") }
      isOn = true
    case (.on, let server?): throw Self.refusal(server.title)
    // An unknown program may read it.
    case (.on, nil): isOn = true
    case (.auto, .gunicorn) where listensAsTold:
      isOn = gunicorn.workers == .threads || gunicorn.workers == .eventLoop
      guard gunicorn.workers == nil else { return }
      notice =
        "gunicorn's configuration file may choose workers that do not read the PROXY protocol, so "
        + "REMOTE_ADDR is empty; add --upstream-proxy-protocol on, or off to accept that"
    case (.auto, _): isOn = false
    }
  }

  private static func refusal(_ app: String) -> CommandFailure {
    CommandFailure(
      .usage,
      "--upstream-proxy-protocol on: \(app) cannot read the PROXY protocol; leave the option out"
    )
  }
}
