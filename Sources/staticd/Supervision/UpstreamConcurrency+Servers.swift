/// What the servers themselves say of their workers.
extension UpstreamConcurrency {
  /// Reads the command line of the app, and the variables that its server reads.
  ///
  /// - Parameters:
  ///   - invocation: the server and its arguments.
  ///   - hasFile: whether the working directory has a file of this name.
  ///   - variable: the value of a variable of the environment.
  init(
    _ invocation: AppInvocation,
    hasFile: (String) -> Bool,
    variable: (String) -> String?
  ) {
    let options = CommandOptions(invocation.arguments)
    func read(_ name: String) -> String? { invocation.assignments[name] ?? variable(name) }
    switch invocation.server {
    case .gunicorn: self = Self.gunicorn(options, hasFile, read)
    case .uvicorn: self = Self.uvicorn(options, read)
    case .hypercorn: self = Self.hypercorn(options)
    case .granian: self = Self.granian(options, read)
    case .daphne: self = .eventLoops(1)
    case .fastapi: self = Self.fastapi(options, read)
    case .uwsgi: self = Self.uwsgi(options, read)
    case .waitress: self = .workers(1, threads: Self.count(options.last(.init("--threads")), 4))
    case .runserver: self = options.hasSwitch("--nothreading") ? .workers(1, threads: 1) : .auto
    case .flask: self = options.hasSwitch("--without-threads") ? .workers(1, threads: 1) : .auto
    // Their threads are a matter of a configuration in Ruby.
    case .puma, .thin, nil: self = .auto
    }
  }

  /// A count; `standard` where there is no text, 0 where it is no number.
  private static func count(_ text: String?, _ standard: Int) -> Int {
    guard let text else { return standard }
    return Int(text) ?? 0
  }

  /// Command line, GUNICORN_CMD_ARGS, configuration file, default: the first that has a setting.
  private static func gunicorn(
    _ options: CommandOptions,
    _ hasFile: (String) -> Bool,
    _ read: (String) -> String?
  ) -> Self {
    let told = GunicornArguments(read(GunicornArguments.variable)).options
    let file = CommandOptions.Option("-c", "--config", shortest: "--co")
    let paste = CommandOptions.Option("--paste", shortest: "--pas")
    let hasConfiguration =
      [options, told].contains { $0.last(file) != nil || $0.last(paste) != nil }
      || hasFile("gunicorn.conf.py")
    /// Nil when the configuration file may have it.
    func setting(_ option: CommandOptions.Option, _ standard: String) -> String? {
      options.last(option) ?? told.last(option) ?? (hasConfiguration ? nil : standard)
    }
    guard
      let workers = setting(.init("-w", "--workers"), read("WEB_CONCURRENCY") ?? "1"),
      let threads = setting(.init("--threads", shortest: "--th"), "1"),
      let kind = setting(.init("-k", "--worker-class", shortest: "--worker-cl"), "sync")
    else { return .auto }
    switch kind {
    case "sync", "gthread", "gunicorn.workers.sync.SyncWorker",
      "gunicorn.workers.gthread.ThreadWorker":
      // One thread is no thread: a request at a time for both.
      return .workers(count(workers, 1), threads: count(threads, 1), obeysSignals: true)
    case "gevent", "eventlet", "tornado", "asgi", "gevent_wsgi", "gevent_pywsgi":
      guard
        let share = setting(
          .init("--worker-connections", shortest: "--worker-co"),
          "\(perEventLoop)"
        )
      else { return .auto }
      return .eventLoops(count(workers, 1), share: count(share, 1), obeysSignals: true)
    default:
      // uvicorn's workers do not look at --worker-connections.
      guard kind.lowercased().contains("uvicorn") else { return .auto }
      return .eventLoops(count(workers, 1), obeysSignals: true)
    }
  }

  private static func uvicorn(_ options: CommandOptions, _ read: (String) -> String?) -> Self {
    let named = options.last(.init("--workers")) ?? read("UVICORN_WORKERS")
    let workers = options.hasSwitch("--reload") ? "1" : named ?? read("WEB_CONCURRENCY") ?? "1"
    let limit = options.last(.init("--limit-concurrency")) ?? read("UVICORN_LIMIT_CONCURRENCY")
    guard let limit else { return .eventLoops(count(workers, 1), obeysSignals: true) }
    // It answers 503 from the connection on that reaches the limit.
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

  /// Its workers take as many requests as its backlog has place for, in equal parts.
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
    // How many threads it takes for WSGI by itself depends on its version.
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
