internal import StaticAssets

/// gunicorn's settings by its command line and GUNICORN_CMD_ARGS.
///
/// Precedence: command line, GUNICORN_CMD_ARGS, configuration file, default. The configuration file
/// is Python and is not read.
struct GunicornSettings {
  private let options: CommandOptions
  private let told: CommandOptions
  /// Whether there is a configuration file.
  let hasFile: Bool

  /// - Parameters:
  ///   - options: the command line's options.
  ///   - hasFile: whether the working directory has a file of this name.
  ///   - read: the value of a variable as gunicorn finds it.
  init(
    _ options: CommandOptions,
    hasFile: (String) -> Bool,
    _ read: (String) -> String?
  ) {
    self.options = options
    told = GunicornArguments(read(GunicornArguments.variable)).options
    let file = CommandOptions.Option("-c", "--config", shortest: "--co")
    let paste = CommandOptions.Option("--paste", shortest: "--pas")
    self.hasFile =
      [options, told].contains { $0.last(file) != nil || $0.last(paste) != nil }
      || hasFile("gunicorn.conf.py")
  }

  /// A setting; nil if the configuration file may change it.
  func value(_ option: CommandOptions.Option, _ standard: String) -> String? {
    options.last(option) ?? told.last(option) ?? (hasFile ? nil : standard)
  }

  /// The kinds of workers.
  enum Workers {
    /// One request at a time per thread.
    case threads
    /// gunicorn's own workers with an event loop.
    case eventLoop
    /// uvicorn's workers, which read connections themselves.
    case uvicorn
    /// Workers of another package.
    case other
  }

  /// Its workers; nil if the configuration file may choose them.
  var workers: Workers? {
    let option = CommandOptions.Option("-k", "--worker-class", shortest: "--worker-cl")
    switch value(option, "sync") {
    case nil: return nil
    case "sync", "gthread", "gunicorn.workers.sync.SyncWorker",
      "gunicorn.workers.gthread.ThreadWorker":
      return .threads
    case "gevent", "eventlet", "tornado", "asgi", "gevent_wsgi", "gevent_pywsgi":
      return .eventLoop
    case let kind?: return kind.lowercased().contains(text: "uvicorn") ? .uvicorn : .other
    }
  }
}
