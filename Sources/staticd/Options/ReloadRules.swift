/// Which options take effect on a reload, and which only after a restart.
enum ReloadRules {
  /// The options that take effect only after a restart.
  static let fixed: Set<OptionName> = [
    .accessLog, .accessLogFile, .admin, .adminPublic, .cache, .config, .healthPath, .listen,
    .logFormat, .maxConnections, .maxSpool, .noCache, .noCompress, .peer, .restart, .upstream,
    .upstreamProxyProtocol, .workers,
  ]

  /// The options that take effect on a reload: files and their fields, trust, limits and time-outs.
  static let live: Set<OptionName> = [
    .accel, .appPath, .autorefresh, .bodyTimeout, .bufferMemory, .cacheTag, .cleanURLs, .django,
    .djangoTimeout, .errorPage, .fallback, .forwardedFor, .grace, .halfClosedClients, .header,
    .headTimeout, .hsts, .hstsPreload, .hstsSubdomains, .httpsExempt, .httpsHost, .httpsRedirect,
    .immutable, .index, .keepaliveRequests, .keepaliveTimeout, .live, .liveActive, .maxAge,
    .maxBody,
    .maxBuffer, .maxFields, .maxHead, .mediaType, .minRate, .noCORS, .proxyProtocol, .public,
    .peerTimeout, .python, .queueLength, .queueTimeout, .redirects, .root, .sendTimeout,
    .serverTiming, .settings, .shareManifests, .source, .staleIfError, .staleWhileRevalidate,
    .startTimeout, .surrogateKey, .trustProxy, .tunnelTimeout, .unknown,
    .upstreamConcurrency, .upstreamConnectTimeout, .upstreamTimeout, .url,
  ]

  /// One line for each option whose new value takes effect only after a restart.
  ///
  /// - Parameters:
  ///   - started: the options at the start of the server.
  ///   - read: the options now.
  static func notices(_ started: MergedArguments, _ read: MergedArguments) -> [String] {
    OptionName.allCases.compactMap { name in
      guard started.value(of: name) != read.value(of: name),
        fixed.contains(name) || changesKind(name, started, read)
      else { return nil }
      let place = read.isGiven(name) ? read.place(of: name) : "--\(name.rawValue), now left out"
      return "\(place): another value counts after a restart; the server keeps the one from before"
    }
  }

  /// Whether the concurrency limit is `auto` or off, before or after the change.
  ///
  /// `auto` follows the app's signals, and there is no queue without a limit.
  private static func changesKind(
    _ name: OptionName,
    _ started: MergedArguments,
    _ read: MergedArguments
  ) -> Bool {
    guard name == .upstreamConcurrency else { return false }
    return concurrency(started) == nil || concurrency(read) == nil
  }

  /// The limit of concurrent requests to the app; nil for `auto` and for no limit.
  static func concurrency(_ arguments: MergedArguments) -> Int? {
    arguments.text(.upstreamConcurrency).flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }
}
