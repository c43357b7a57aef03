internal import StaticCollector
internal import StaticServer

/// Proxies in front of the server, and what the app and clients are told.
struct ProxyOptions {
  let arguments: MergedArguments

  /// Puts what was asked for into `configuration`; throws everything that is wrong with it.
  ///
  /// - Parameter variable: the value of a variable of the environment.
  func apply(
    to configuration: inout ServerConfiguration,
    variable: (String) -> String? = Environment.value
  ) throws {
    var mistakes = Mistakes()
    var policy = ForwardingPolicy()
    let trust: ForwardingTrust? = try mistakes.reading { try self.trust(variable) }
    policy.trust = trust ?? .nobody
    policy.forwardedFor = arguments.text(.forwardedFor) == "chain" ? .chain : .client
    let transport: StrictTransport?? = try mistakes.reading { try strictTransport() }
    policy.strictTransport = transport ?? nil
    policy.redirectsToHTTPS = arguments.isOn(.httpsRedirect)
    policy.sendsServerTiming = arguments.isOn(.serverTiming)
    if policy.redirectsToHTTPS, trust == .nobody {
      mistakes.add(
        "\(arguments.place(of: .httpsRedirect)): which requests came over HTTPS only a proxy can "
          + "tell; give --trust-proxy"
      )
    }
    if configuration.forwarding == nil, !arguments.isGiven(.upstream) {
      if arguments.isGiven(.hsts) || policy.sendsServerTiming {
        mistakes.add(
          "--hsts and --server-timing are about the app's answers; give --upstream, or use --header"
        )
      }
      if arguments.isGiven(.forwardedFor) {
        mistakes.add("--forwarded-for is about what the app gets; give --upstream")
      }
    }
    try mistakes.refuse()
    configuration.expectsProxyProtocol = arguments.isOn(.proxyProtocol)
    configuration.forwardingPolicy = policy
  }

  private func trust(_ variable: (String) -> String?) throws -> ForwardingTrust {
    let texts = arguments.texts(.trustProxy)
    guard !texts.isEmpty else {
      return ForwardingPlatform(environment: variable).map { .platform($0) } ?? .nobody
    }
    if texts == ["all"] { return .everyone }
    if texts == ["none"] { return .nobody }
    var networks = TrustedNetworks()
    for text in texts {
      guard text != "all", text != "none" else {
        throw arguments.failure(.trustProxy, text, "it cannot stand beside another")
      }
      do throws(TrustedNetworks.Malformed) {
        try networks.add(text)
      } catch {
        throw CommandFailure(.usage, "\(arguments.place(of: .trustProxy)) \(error)")
      }
    }
    return .networks(networks)
  }

  private func strictTransport() throws -> StrictTransport? {
    let hasSubdomains = arguments.isOn(.hstsSubdomains)
    let isPreloaded = arguments.isOn(.hstsPreload)
    guard let maxAge = arguments.number(.hsts) else {
      guard !hasSubdomains, !isPreloaded else {
        throw CommandFailure(.usage, "--hsts-subdomains and --hsts-preload need --hsts SECONDS")
      }
      return nil
    }
    // What lists for browsers ask for: a year and the subdomains (hstspreload.org).
    guard !isPreloaded || (hasSubdomains && maxAge >= 31_536_000) else {
      throw CommandFailure(
        .usage,
        "\(arguments.place(of: .hstsPreload)) needs --hsts-subdomains and --hsts 31536000 at least"
      )
    }
    var transport = StrictTransport(maxAge: maxAge)
    transport.includesSubdomains = hasSubdomains
    transport.isPreloaded = isPreloaded
    return transport
  }
}
