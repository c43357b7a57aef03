internal import CLinux
public import StaticAssets
internal import Synchronization

/// An HTTP/1.1 server for a table of files, on threads of its own.
///
/// ```swift
/// let server = try Server(table: table, configuration: configuration)
/// // …
/// server.stop()
/// ```
///
/// It takes no signal, has no global state and touches no descriptor but its own, so that any number
/// of servers can be in a process. Every function may be called from any thread.
public final class Server: Sendable {
  /// The addresses listened at, with the ports that the system chose where 0 was asked for.
  public let addresses: [ListenAddress]

  /// What has been done so far; costs the requests nothing.
  public var statistics: ServerStatistics { ServerStatistics(counters) }

  private let counters: [Counters]
  private let mailboxes: [LoopMailbox]
  private let end: ServerEnd
  /// How many requests the app gets at once; nil for any number.
  private let gate: ConcurrencyGate?
  /// What is left to be joined; nil once that is done.
  private let threads: Mutex<Threads?>

  private struct Threads {
    let loops: [WorkerThread]
    let logWriter: LogWriter?
    let spoolWriter: SpoolWriter?
  }

  /// Listens at every address of `configuration` and begins to serve.
  ///
  /// - Throws: when an address cannot be listened at; then none is.
  ///
  /// `DescriptorLimit.raise` before it lets the process have more connections.
  public init(table: FileTable, configuration: ServerConfiguration) throws(ServerError) {
    precondition(!configuration.listeners.isEmpty, "a server listens somewhere")
    configuration.checkRanges()
    let count = max(1, min(256, configuration.workers ?? Int(clinux_processor_count())))
    var listeners: [Listener] = []
    for address in configuration.listeners {
      listeners.append(try Listener(address, count: count))
    }
    var resolved = configuration
    resolved.listeners = listeners.map(\.address)
    let logging = try Logging(configuration.accessLog, loopCount: count)
    var mailboxes: [LoopMailbox] = []
    for _ in 0..<count { mailboxes.append(try LoopMailbox()) }
    let counters = (0..<count).map { _ in Counters() }
    let limit = ConnectionLimit(
      connectionsMax: configuration.connectionsMax ?? Self.connectionsMax(configuration),
      mailboxes: mailboxes
    )
    let gate = configuration.forwarding.flatMap { Self.gate($0, mailboxes) }
    let spools = try configuration.forwarding.map { forwarding throws(ServerError) in
      try SpoolWriter(byteCountMax: Int(forwarding.spoolBytesMax))
    }
    var loops: [LoopOwner] = []
    for index in 0..<count {
      loops.append(
        LoopOwner(
          try EventLoop.create(
            table: table,
            configuration: resolved,
            mailbox: mailboxes[index],
            listeners: listeners.map { $0.socket(ofLoop: index) },
            log: logging.log(ofLoop: index),
            connectionLimit: limit,
            share: ForwardingShare(loop: index, gate: gate, spools: spools),
            counters: counters[index]
          )
        )
      )
    }
    let end = ServerEnd(loopCount: count)
    try spools?.start()
    let threads = try Self.start(loops, mailboxes, end)
    try logging.writer?.start()
    addresses = resolved.listeners
    self.counters = counters
    self.mailboxes = mailboxes
    self.end = end
    self.gate = gate
    self.threads = Mutex(
      Threads(loops: threads, logWriter: logging.writer, spoolWriter: spools)
    )
  }

  private static func gate(
    _ forwarding: ForwardingConfiguration,
    _ mailboxes: [LoopMailbox]
  ) -> ConcurrencyGate? {
    guard forwarding.concurrencyMax > 0, case .upstream = forwarding.app else { return nil }
    return ConcurrencyGate(
      limit: forwarding.concurrencyMax,
      waitingMax: forwarding.queueCountMax,
      mailboxes: mailboxes
    )
  }

  /// Starts a thread for each of `loops`, or none.
  private static func start(
    _ loops: [LoopOwner],
    _ mailboxes: [LoopMailbox],
    _ end: ServerEnd
  ) throws(ServerError) -> [WorkerThread] {
    var threads: [WorkerThread] = []
    do throws(ServerError) {
      for (index, (loop, mailbox)) in zip(loops, mailboxes).enumerated() {
        let thread = try WorkerThread(name: "staticd-loop-\(index)") {
          loop.run()
          mailbox.noteEnd()
          end.noteLoopEnd()
        }
        threads.append(thread)
      }
    } catch {
      for mailbox in mailboxes { mailbox.requestStop() }
      for thread in threads { thread.join() }
      throw error
    }
    return threads
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
    for mailbox in mailboxes { mailbox.offer(table) }
  }

  /// Begins what `stop` does and returns at once; `hasStopped` tells when all is closed.
  public func beginStopping() {
    for mailbox in mailboxes { mailbox.requestStop() }
  }

  /// Whether every connection is closed after a stop was asked for.
  public var hasStopped: Bool { mailboxes.allSatisfy(\.hasEnded) }

  /// Whether every request in flight is answered after a stop was asked for.
  ///
  /// Upgraded connections, such as WebSockets, may remain: the app that is told to end now can close
  /// them itself, unless `ForwardingConfiguration.endsTunnelsAtStop` is set.
  public var hasFinishedRequests: Bool { mailboxes.allSatisfy(\.hasFinishedRequests) }

  /// Changes `ForwardingConfiguration.concurrencyMax`, for an app whose workers become more or fewer; no
  /// effect where that is 0, so that there is no queue.
  ///
  /// - Parameter count: in `ForwardingConfiguration.Range.concurrency`; 0 is any number.
  public func setUpstreamConcurrency(_ count: Int) {
    precondition(ForwardingConfiguration.Range.concurrency.contains(count), "concurrency")
    gate?.setLimit(count == 0 ? .max : count)
  }

  /// Stops accepting, finishes the requests in flight, and returns when all is closed; blocks.
  ///
  /// That takes at most the grace time. Safe to call twice.
  public func stop() {
    beginStopping()
    threads.withLock { threads in
      for thread in threads?.loops ?? [] { thread.join() }
      threads?.logWriter?.stop()
      threads?.spoolWriter?.stop()
      threads = nil
    }
  }

  /// Returns when the server has stopped, which it does not by itself: somebody has to ask for it, or
  /// to cancel the task that waits here.
  public func waitUntilStopped() async {
    await withTaskCancellationHandler {
      await end.wait()
    } onCancel: {
      beginStopping()
    }
    // The threads have ended but for their last instructions.
    stop()
  }

  deinit {
    stop()
  }
}

/// The access log of a server that is being made.
private struct Logging {
  let writer: LogWriter?

  private let channels: [LogChannel]
  private let format: AccessLog.Format

  init(_ log: AccessLog?, loopCount: Int) throws(ServerError) {
    let channels = (0..<loopCount).map { _ in LogChannel(capacity: RequestLog.capacity) }
    self.channels = channels
    format = log?.format ?? .json
    if let log { writer = try LogWriter(channels, to: log.descriptor) } else { writer = nil }
  }

  func log(ofLoop index: Int) -> RequestLog {
    RequestLog(format, to: writer.map { LogOutput(channel: channels[index], writer: $0) })
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
