/// Which options count from a reload on, and which ones after a restart alone.
enum ReloadRules {
  /// The options that a server has from its start on.
  static let fixed: Set<OptionName> = [
    .accessLog, .accessLogFile, .admin, .adminPublic, .cache, .config, .healthPath, .listen,
    .logFormat, .maxConnections, .maxSpool, .noCache, .noCompress, .peer, .restart, .upstream,
    .upstreamProxyProtocol, .workers,
  ]

  /// The options that count from a reload on: those of the files and what is sent with them, of trust,
  /// of limits and time-outs.
  static let live: Set<OptionName> = [
    .accel, .appPath, .autorefresh, .bodyTimeout, .bufferMemory, .cacheTag, .cleanURLs, .django,
    .djangoTimeout, .errorPage, .fallback, .forwardedFor, .grace, .halfClosedClients, .header,
    .headTimeout, .hsts, .hstsPreload, .hstsSubdomains, .httpsHost, .httpsRedirect, .immutable,
    .index, .keepaliveRequests, .keepaliveTimeout, .live, .liveActive, .maxAge, .maxBody,
    .maxBuffer, .maxFields, .maxHead, .mediaType, .minRate, .noCORS, .proxyProtocol, .public,
    .peerTimeout, .python, .queueLength, .queueTimeout, .redirects, .root, .sendTimeout,
    .serverTiming, .settings, .shareManifests, .source, .staleIfError, .staleWhileRevalidate,
    .startTimeout, .surrogateKey, .trustProxy, .tunnelTimeout, .unknown,
    .upstreamConcurrency, .upstreamConnectTimeout, .upstreamTimeout, .url,
  ]

  /// A line for each option whose new value does not count before a restart.
  ///
  /// - Parameters:
  ///   - started: the options that the server was started with.
  ///   - read: those of now.
  static func notices(_ started: MergedArguments, _ read: MergedArguments) -> [String] {
    OptionName.allCases.compactMap { name in
      guard started.value(of: name) != read.value(of: name),
        fixed.contains(name) || changesKind(name, started, read)
      else { return nil }
      let place = read.isGiven(name) ? read.place(of: name) : "--\(name.rawValue), now left out"
      return "\(place): another value counts after a restart; the server keeps the one from before"
    }
  }

  /// Whether the limit of requests to the app is set by other means than at the start: `auto` follows the
  /// app's signals, and without a limit there is no queue.
  private static func changesKind(
    _ name: OptionName,
    _ started: MergedArguments,
    _ read: MergedArguments
  ) -> Bool {
    guard name == .upstreamConcurrency else { return false }
    return concurrency(started) == nil || concurrency(read) == nil
  }

  /// The number of requests that the app is given at a time; nil for `auto` and for no limit.
  static func concurrency(_ arguments: MergedArguments) -> Int? {
    arguments.text(.upstreamConcurrency).flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }
}
