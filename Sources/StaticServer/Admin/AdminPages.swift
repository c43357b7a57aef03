/// Answers the requests of the admin listener.
///
/// It only reads: every method but GET and HEAD is refused.
package struct AdminPages: Sendable {
  /// Returns the current state of the server.
  private let status: @Sendable () -> AdminStatus
  /// Whether the event loops respond.
  private let isAlive: @Sendable () async -> Bool
  /// Whether only addresses and `localhost` are allowed in `Host`.
  private let checksHost: Bool

  /// Pages for an admin listener.
  ///
  /// - Parameters:
  ///   - checksHost: whether a `Host` with another name is rejected. Another site can have its own
  ///     name resolved to 127.0.0.1 (DNS rebinding) and let a browser of this machine read the
  ///     pages; its requests have that name.
  ///   - isAlive: whether the event loops respond; takes at most a few seconds.
  ///   - status: returns the current state of the server.
  package init(
    checksHost: Bool,
    isAlive: @escaping @Sendable () async -> Bool,
    status: @escaping @Sendable () -> AdminStatus
  ) {
    self.checksHost = checksHost
    self.isAlive = isAlive
    self.status = status
  }

  /// The response to `request`.
  package func answer(_ request: HandlerRequest) async -> HandlerResponse {
    var response = await page(request)
    response.fields["Cache-Control"] = "no-store"
    response.fields["X-Content-Type-Options"] = "nosniff"
    return response
  }

  private func page(_ request: HandlerRequest) async -> HandlerResponse {
    guard !checksHost || AdminHost.isAllowed(request.fields["Host"] ?? "") else {
      return HandlerResponse(
        status: 403,
        text: "Use the address of this listener, or localhost, as the host.\n"
      )
    }
    guard let page = Page(rawValue: String(request.path)) else {
      return HandlerResponse(status: 404, text: "There are /, /metrics, /livez and /readyz.\n")
    }
    guard request.method == "GET" || request.method == "HEAD" else {
      var response = HandlerResponse(status: 405, text: "Method Not Allowed\n")
      response.fields["Allow"] = "GET, HEAD"
      return response
    }
    switch page {
    case .livez:
      let isAlive = await isAlive()
      return HandlerResponse(
        status: isAlive ? 200 : 503,
        text: isAlive ? "ok\n" : "an event loop does not turn\n"
      )
    case .readyz:
      let readiness = status().readiness
      let isReady = readiness == .ready
      return HandlerResponse(
        status: isReady ? 200 : 503,
        text: isReady ? "ok\n" : "\(readiness.rawValue)\n"
      )
    case .metrics:
      var response = HandlerResponse(text: MetricsPage.text(status()))
      response.fields["Content-Type"] = MetricsText.mediaType
      return response
    case .status:
      var response = HandlerResponse(html: StatusPage(status()).html)
      response.fields["Content-Security-Policy"] = StatusPage.contentSecurityPolicy
      response.fields["Referrer-Policy"] = "no-referrer"
      return response
    }
  }

  private enum Page: String {
    case status = "/"
    case metrics = "/metrics"
    case livez = "/livez"
    case readyz = "/readyz"
  }
}

/// The values of `Host` that a client of a loopback address may send.
enum AdminHost {
  /// Whether `host` is an IPv4 or IPv6 address or `localhost`, with or without a port.
  static func isAllowed(_ host: String) -> Bool {
    var name = Substring(host)
    if name.hasPrefix("[") {
      guard let end = name.firstIndex(of: "]"), isPort(name[name.index(after: end)...]) else {
        return false
      }
      return SocketAddress.ipv6(String(name[name.index(after: name.startIndex)..<end])) != nil
    }
    if let colon = name.firstIndex(of: ":") {
      guard isPort(name[colon...]) else { return false }
      name = name[..<colon]
    }
    return name.lowercased() == "localhost" || isIPv4(name)
  }

  /// Whether `text` is empty, or a colon and digits.
  private static func isPort(_ text: Substring) -> Bool {
    guard let first = text.utf8.first else { return true }
    return first == UInt8(ascii: ":") && text.utf8.dropFirst().allSatisfy(\.isDigit)
  }

  private static func isIPv4(_ text: Substring) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        !part.isEmpty && part.utf8.allSatisfy(\.isDigit) && UInt8(part) != nil
      }
  }
}
