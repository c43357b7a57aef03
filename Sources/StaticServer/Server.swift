internal import CLinux
internal import Glibc
public import StaticAssets

/// An HTTP/1.1 server for a table of files, on threads of its own.
///
/// ```swift
/// let server = try Server(table: table, configuration: configuration)
/// // …
/// server.stop()
/// ```
public final class Server {
  /// The addresses listened at, with the ports that the system chose where 0 was asked for.
  public let addresses: [ListenAddress]

  /// What has been done so far; costs the requests nothing.
  public var statistics: ServerStatistics { ServerStatistics(counters) }

  private let counters: [Counters]
  private var threads: [WorkerThread] = []
  private var controls: [LoopControl] = []
  private var listeners: [Listener] = []
  private var logWriter: LogWriter?

  /// Listens at every address of `configuration` and begins to serve.
  ///
  /// - Throws: when an address cannot be listened at; then none is.
  ///
  /// `DescriptorLimit.raise` before it lets the process have more connections.
  public init(table: FileTable, configuration: ServerConfiguration) throws(ServerError) {
    precondition(!configuration.listeners.isEmpty, "a server listens somewhere")
    configuration.checkRanges()
    let count = max(1, min(256, configuration.workers ?? Int(clinux_processor_count())))
    counters = (0..<count).map { _ in Counters() }
    for address in configuration.listeners {
      listeners.append(try Listener(address, count: count))
    }
    addresses = listeners.map(\.address)
    var resolved = configuration
    resolved.listeners = addresses
    let channels = (0..<count).map { _ in LogChannel(capacity: RequestLog.capacity) }
    if let log = configuration.accessLog {
      let writer = try LogWriter(channels, to: log.descriptor)
      try writer.start()
      logWriter = writer
    }
    for _ in 0..<count { controls.append(try LoopControl()) }
    let budget = ConnectionBudget(
      connectionsMax: configuration.connectionsMax ?? Self.connectionsMax(configuration),
      controls: controls
    )
    for index in 0..<count {
      let sockets = listeners.map { $0.socket(ofLoop: index) }
      let loop = LoopOwner(
        try EventLoop.create(
          table: table,
          configuration: resolved,
          control: controls[index],
          listeners: sockets,
          log: RequestLog(
            configuration.accessLog?.format ?? .json,
            to: logWriter.map { LogOutput(channel: channels[index], writer: $0) }
          ),
          budget: budget,
          counters: counters[index]
        )
      )
      let control = controls[index]
      threads.append(
        try WorkerThread(name: "staticd-loop-\(index)") {
          loop.run()
          control.noteEnd()
        }
      )
    }
  }

  /// A client whose request is forwarded needs a second descriptor, and up to two files.
  private static func connectionsMax(_ configuration: ServerConfiguration) -> Int {
    let count = DescriptorLimit.connectionsMax
    return configuration.forwarding == nil ? count : max(1, count / 2)
  }

  /// Answers from `table` from now on; what is being sent from the one before is finished.
  ///
  /// No connection ends and no request waits for it.
  public func replaceTable(with table: FileTable) {
    for control in controls { control.offer(table) }
  }

  /// Begins what `stop` does and returns at once; `hasStopped` tells when all is closed.
  public func beginStopping() {
    for control in controls { control.requestStop() }
  }

  /// Whether every connection is closed after a stop was asked for.
  public var hasStopped: Bool { controls.allSatisfy(\.hasEnded) }

  /// Stops accepting, finishes the requests in flight, and returns when all is closed.
  ///
  /// That takes at most the grace time. Safe to call twice.
  public func stop() {
    beginStopping()
    for thread in threads { thread.join() }
    logWriter?.stop()
    logWriter = nil
    threads = []
    controls = []
    listeners = []
  }

  deinit {
    stop()
  }
}

/// Hands an event loop to the thread that runs it.
///
/// Unchecked, because the compiler cannot see that the loop is made before the thread starts and
/// taken out by it alone.
private final class LoopOwner: @unchecked Sendable {
  private var loop: EventLoop?

  init(_ loop: consuming EventLoop) {
    self.loop = consume loop
  }

  func run() {
    guard var loop = loop.take() else { return }
    loop.run()
  }
}
