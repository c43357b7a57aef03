internal import ArgumentParser
internal import StaticServer

/// Proxies in front of the server, and what the app and clients are told.
struct ProxyOptions: ParsableArguments {
  /// What `--forwarded-for` takes.
  enum ForwardedForChoice: String, ExpressibleByArgument, CaseIterable {
    case client, chain
  }

  @Option(
    help: ArgumentHelp(
      """
      Proxies that are believed what they say of a client, such as its address: a network such as \
      10.0.0.0/8, 'all' or 'none'; repeat for more. (default: the router of the hosting platform \
      that the environment tells of, else none)
      """,
      valueName: "cidr|all|none"
    )
  )
  var trustProxy: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      What the app finds in X-Forwarded-For: the client alone, or the chain of addresses that a \
      trusted proxy sent and that proxy. (default: client)
      """,
      valueName: "client|chain"
    )
  )
  var forwardedFor: ForwardedForChoice?

  @Flag(
    help: """
      Every connection begins with the PROXY protocol, version 1 or 2; none but the load balancer \
      may be able to connect then.
      """
  )
  var proxyProtocol = false

  @Flag(help: "Send requests to HTTPS that a trusted proxy got over HTTP.")
  var httpsRedirect = false

  @Option(
    help: ArgumentHelp(
      "Seconds that browsers use HTTPS alone (Strict-Transport-Security), told over HTTPS.",
      valueName: "s"
    )
  )
  var hsts: Int?

  @Flag(help: "That holds for subdomains, too.")
  var hstsSubdomains = false

  @Flag(help: "It may be built into browsers.")
  var hstsPreload = false

  @Flag(help: "Tell clients in Server-Timing how long the app took.")
  var serverTiming = false

  /// Puts what was asked for into `configuration`.
  ///
  /// - Parameter variable: the value of a variable of the environment.
  func apply(
    to configuration: inout ServerConfiguration,
    variable: (String) -> String? = Environment.value
  ) throws {
    var policy = ForwardingPolicy()
    policy.trust = try trust(variable)
    policy.forwardedFor = forwardedFor == .chain ? .chain : .client
    policy.strictTransport = try strictTransport()
    policy.redirectsToHTTPS = httpsRedirect
    policy.sendsServerTiming = serverTiming
    guard !httpsRedirect || policy.trust != .nobody else {
      throw CommandFailure(
        .usage,
        "--https-redirect: which requests came over HTTPS only a proxy can tell; give --trust-proxy"
      )
    }
    guard configuration.forwarding != nil || (hsts == nil && !serverTiming) else {
      throw CommandFailure(
        .usage,
        "--hsts and --server-timing are about the app's answers; give --upstream, or use --header"
      )
    }
    guard configuration.forwarding != nil || forwardedFor == nil else {
      throw CommandFailure(.usage, "--forwarded-for is about what the app gets; give --upstream")
    }
    configuration.expectsProxyProtocol = proxyProtocol
    configuration.forwardingPolicy = policy
  }

  private func trust(_ variable: (String) -> String?) throws -> ForwardingTrust {
    guard !trustProxy.isEmpty else {
      return ForwardingPlatform(environment: variable).map { .platform($0) } ?? .nobody
    }
    if trustProxy == ["all"] { return .everyone }
    if trustProxy == ["none"] { return .nobody }
    var networks = TrustedNetworks()
    for text in trustProxy {
      guard text != "all", text != "none" else {
        throw CommandFailure(.usage, "--trust-proxy '\(text)': it cannot stand beside another")
      }
      do throws(TrustedNetworks.Malformed) {
        try networks.add(text)
      } catch {
        throw CommandFailure(.usage, "--trust-proxy \(error)")
      }
    }
    return .networks(networks)
  }

  private func strictTransport() throws -> StrictTransport? {
    guard let hsts else {
      guard !hstsSubdomains, !hstsPreload else {
        throw CommandFailure(.usage, "--hsts-subdomains and --hsts-preload need --hsts S")
      }
      return nil
    }
    let maxAge = try (0...(1 << 31)).checked(hsts, "--hsts")
    // What lists for browsers ask for: a year and the subdomains (hstspreload.org).
    guard !hstsPreload || (hstsSubdomains && hsts >= 31_536_000) else {
      throw CommandFailure(
        .usage,
        "--hsts-preload needs --hsts-subdomains and --hsts 31536000 at least"
      )
    }
    var transport = StrictTransport(maxAge: maxAge)
    transport.includesSubdomains = hstsSubdomains
    transport.isPreloaded = hstsPreload
    return transport
  }
}
