/// How the known servers configure their workers.
extension UpstreamConcurrency {
  /// Reads the command line of the app, and the variables that its server reads.
  ///
  /// - Parameters:
  ///   - invocation: the server and its arguments.
  ///   - hasFile: whether the working directory has a file of this name.
  ///   - variable: the value of an environment variable.
  init(
    _ invocation: AppInvocation,
    hasFile: (String) -> Bool,
    variable: (String) -> String?
  ) {
    let options = invocation.options
    func read(_ name: String) -> String? { invocation.assignments[name] ?? variable(name) }
    switch invocation.server {
    case .gunicorn:
      self = Self.gunicorn(GunicornSettings(options, hasFile: hasFile, read), read)
    case .uvicorn: self = Self.uvicorn(options, read)
    case .hypercorn: self = Self.hypercorn(options)
    case .granian: self = Self.granian(options, read)
    case .daphne: self = .eventLoops(1)
    case .fastapi: self = Self.fastapi(options, read)
    case .uwsgi: self = Self.uwsgi(options, read)
    case .waitress: self = .workers(1, threads: Self.count(options.last(.init("--threads")), 4))
    case .runserver: self = options.hasSwitch("--nothreading") ? .workers(1, threads: 1) : .auto
    case .flask: self = options.hasSwitch("--without-threads") ? .workers(1, threads: 1) : .auto
    // Their threads are configured in Ruby.
    case .puma, .thin, nil: self = .auto
    }
  }

  /// A count; `standard` without a text, 0 for a text that is not a number.
  private static func count(_ text: String?, _ standard: Int) -> Int {
    guard let text else { return standard }
    return Int(text) ?? 0
  }

  private static func gunicorn(_ settings: GunicornSettings, _ read: (String) -> String?) -> Self {
    guard
      let workers = settings.value(.init("-w", "--workers"), read("WEB_CONCURRENCY") ?? "1"),
      let threads = settings.value(.init("--threads", shortest: "--th"), "1"),
      let kind = settings.workers
    else { return .auto }
    switch kind {
    case .threads:
      // A worker with one thread handles one request at a time, like one without threads.
      return .workers(count(workers, 1), threads: count(threads, 1), obeysSignals: true)
    case .eventLoop:
      guard
        let share = settings.value(
          .init("--worker-connections", shortest: "--worker-co"),
          "\(perEventLoop)"
        )
      else { return .auto }
      return .eventLoops(count(workers, 1), share: count(share, 1), obeysSignals: true)
    // uvicorn's workers ignore --worker-connections.
    case .uvicorn: return .eventLoops(count(workers, 1), obeysSignals: true)
    case .other: return .auto
    }
  }

  private static func uvicorn(_ options: CommandOptions, _ read: (String) -> String?) -> Self {
    let named = options.last(.init("--workers")) ?? read("UVICORN_WORKERS")
    let workers = options.hasSwitch("--reload") ? "1" : named ?? read("WEB_CONCURRENCY") ?? "1"
    let limit = options.last(.init("--limit-concurrency")) ?? read("UVICORN_LIMIT_CONCURRENCY")
    guard let limit else { return .eventLoops(count(workers, 1), obeysSignals: true) }
    // uvicorn responds with 503 from the connection on that reaches the limit.
    let share = max(1, count(limit, 1) - 1)
    return .eventLoops(count(workers, 1), share: share, obeysSignals: true)
  }

  private static func hypercorn(_ options: CommandOptions) -> Self {
    guard options.last(.init("-c", "--config", shortest: "--co")) == nil else { return .auto }
    return .eventLoops(count(options.last(.init("-w", "--workers", shortest: "--wo")), 1))
  }

  private static func fastapi(_ options: CommandOptions, _ read: (String) -> String?) -> Self {
    .eventLoops(count(options.last(.init("--workers")) ?? read("WEB_CONCURRENCY"), 1))
  }

  /// By default, granian's workers share its backlog equally as their limit of requests.
  private static func granian(_ options: CommandOptions, _ read: (String) -> String?) -> Self {
    func setting(_ name: String) -> String? {
      let variable = "GRANIAN_" + name.uppercased().split(separator: "-").joined(separator: "_")
      return options.last(.init("--\(name)")) ?? read(variable)
    }
    let workers = count(setting("workers"), 1)
    let isThreaded = setting("interface")?.lowercased() == "wsgi"
    if isThreaded, let threads = setting("blocking-threads") {
      return .workers(workers, threads: count(threads, 1))
    }
    if let share = setting("backpressure") { return .workers(workers, threads: count(share, 1)) }
    // The default number of threads for WSGI depends on granian's version.
    guard !isThreaded, workers > 0 else { return .auto }
    return .eventLoops(workers, share: max(1, count(setting("backlog"), 1024) / workers))
  }

  private static func uwsgi(_ options: CommandOptions, _ read: (String) -> String?) -> Self {
    let files: [CommandOptions.Option] = [
      .init("--ini"), .init("--yaml"), .init("--xml"), .init("--json"), .init("-c", "--config"),
    ]
    let isSimple =
      files.allSatisfy { options.last($0) == nil }
      && !options.arguments.contains { $0.hasSuffix(".ini") || $0.hasSuffix(".yaml") }
      && !options.arguments.contains { $0.hasPrefix("--gevent") || $0.hasPrefix("--async") }
      && !options.arguments.contains { $0.hasPrefix("--asyncio") || $0.hasPrefix("--cheaper") }
    guard isSimple else { return .auto }
    let processes =
      options.last(.init("-p", "--processes")) ?? options.last(.init("--workers"))
      ?? read("UWSGI_PROCESSES") ?? read("UWSGI_WORKERS")
    let threads = options.last(.init("--threads")) ?? read("UWSGI_THREADS")
    return .workers(count(processes, 1), threads: count(threads, 1))
  }
}
