internal import StaticCollector
internal import StaticServer

/// The options for trusted proxies, forwarded fields, and redirects to HTTPS.
struct ProxyOptions {
  let arguments: MergedArguments

  /// Applies the options to `configuration`; throws every mistake in them.
  ///
  /// - Parameter variable: returns the value of an environment variable.
  func apply(
    to configuration: inout StaticServer.Configuration,
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
    policy.redirectExemptions = try mistakes.reading(each: arguments.texts(.httpsExempt)) { text in
      guard text.hasPrefix("/") || text.hasPrefix("*") else {
        throw arguments.failure(.httpsExempt, text, "give a path such as /healthz or '/hooks/*'")
      }
      return text
    }
    policy.sendsServerTiming = arguments.isOn(.serverTiming)
    if let host = arguments.text(.httpsHost) {
      if !ForwardingPolicy.isHost(host) {
        mistakes.add("\(arguments.place(of: .httpsHost, host)): give a host such as example.com")
      }
      policy.redirectHost = host
    }
    if trust == .nobody, isProjectsRedirect {
      policy.redirectsToHTTPS = false
    } else if policy.redirectsToHTTPS, trust == .nobody {
      mistakes.add(
        "\(arguments.place(of: .httpsRedirect)): which requests came over HTTPS only a proxy can "
          + "tell; give --trust-proxy"
      )
    }
    if configuration.forwarding == nil, !arguments.isGiven(.upstream) {
      if policy.sendsServerTiming {
        mistakes.add(
          "\(arguments.place(of: .serverTiming)) is about the app's answers; give --upstream"
        )
      }
      if arguments.text(.unknown) == "app" {
        mistakes.add("\(arguments.place(of: .unknown)) app: there is no app; give --upstream")
      }
      if arguments.isGiven(.forwardedFor) {
        mistakes.add(
          "\(arguments.place(of: .forwardedFor)) is about what the app gets; give --upstream"
        )
      }
    }
    try mistakes.refuse()
    configuration.expectsProxyProtocol = arguments.isOn(.proxyProtocol)
    configuration.forwardingPolicy = policy
  }

  /// Whether only Django's settings ask for redirects to HTTPS; the app then redirects by itself.
  private var isProjectsRedirect: Bool {
    arguments.origin(of: .httpsRedirect) == "SECURE_SSL_REDIRECT"
  }

  /// Warnings about Django's settings that cannot be applied.
  func warnings(variable: (String) -> String? = Environment.value) -> [String] {
    guard (try? trust(variable)) == .nobody else { return [] }
    var warnings: [String] = []
    if isProjectsRedirect {
      warnings.append(
        "SECURE_SSL_REDIRECT: files are not redirected to HTTPS, as no proxy is trusted to tell which "
          + "requests came over HTTP; name yours with --trust-proxy"
      )
    }
    // The PROXY protocol, too, tells which connections use TLS.
    if arguments.number(.hsts) ?? 0 > 0, !arguments.isOn(.proxyProtocol) {
      warnings.append(
        "\(arguments.place(of: .hsts)): Strict-Transport-Security is not sent, as no proxy is trusted to "
          + "tell which requests came over HTTPS; name yours with --trust-proxy"
      )
    }
    return warnings
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
        for network in text == "private" ? Self.privateNetworks : [text] {
          try networks.add(network)
        }
      } catch {
        throw CommandFailure(.usage, "\(arguments.place(of: .trustProxy)) \(error)")
      }
    }
    return .networks(networks)
  }

  /// Source: RFC 1918, RFC 4193, RFC 6890 and the loopback networks.
  private static let privateNetworks = [
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "fc00::/7",
    "fe80::/10", "::1",
  ]

  private func strictTransport() throws -> StrictTransport? {
    let hasSubdomains = arguments.isOn(.hstsSubdomains)
    let isPreloaded = arguments.isOn(.hstsPreload)
    guard let maxAge = arguments.number(.hsts) else {
      let names = [OptionName.hstsSubdomains, .hstsPreload].filter { arguments.isOn($0) }
      guard names.isEmpty else {
        let verb = names.count == 1 ? "needs" : "need"
        throw CommandFailure(.usage, "\(arguments.places(of: names)) \(verb) --hsts SECONDS")
      }
      return nil
    }
    // The preload lists require one year and all subdomains (hstspreload.org).
    guard !isPreloaded || (hasSubdomains && maxAge >= 31_536_000) else {
      throw CommandFailure(
        .usage,
        "\(arguments.place(of: .hstsPreload)) needs --hsts-subdomains and --hsts 31536000 at least"
      )
    }
    var transport = StrictTransport(maxAge: .seconds(maxAge))
    transport.includesSubdomains = hasSubdomains
    transport.isPreloaded = isPreloaded
    return transport
  }
}
