public import StaticAssets

/// The app that requests for no file go to, and what it is allowed.
///
/// **Memory.** While a request is forwarded it holds at most `memoryBytesMax` bytes of its content
/// and as many of its response; the rest is in files without a name. Up to 320 KiB more of each are
/// in memory until they are written.
public struct ForwardingConfiguration: Sendable {
  /// Who answers.
  public enum App: Sendable {
    /// A process that listens at an address.
    case upstream(UpstreamAddress)
    /// A function of this process.
    case handler(RequestHandler)
  }

  /// Who answers.
  public var app: App
  /// What the tasks of a handler run on; nil is Swift's own pool of threads.
  ///
  /// On an executor of its own a handler is not held up by whatever else fills the pool.
  public var handlerExecutor: (any TaskExecutor)?
  /// Is told what a handler throws, and why its response could not be sent.
  ///
  /// The client gets 500, or its connection ends if the response had begun. A handler that its client
  /// has left is no error.
  public var onHandlerError: (@Sendable (any Error, HandlerRequest) -> Void)?
  /// Seconds a connection to the app may take to be made.
  public var connectTimeout = 5
  /// Seconds without progress after which the app is given up: none of the request taken, or none
  /// of the response sent.
  public var responseTimeout = 60
  /// Seconds without a byte either way after which an upgraded connection is closed.
  public var tunnelTimeout = 3600
  /// Seconds for which a request waits for an app that does not listen yet; then 503.
  ///
  /// At 0 it is 502 at once.
  public var startupHold = 0
  /// Bytes of a request's content; more is 413.
  public var contentBytesMax: Int64 = 100 << 20
  /// Bytes of a request's content, and as many of its response, that are kept in memory.
  public var memoryBytesMax = 65536
  /// Bytes of a response that wait for a slow client, in memory and a file; the app waits then.
  public var responseBytesMax: Int64 = 1 << 30
  /// Bytes that all files of request contents and waiting responses may have together.
  ///
  /// A request whose content needs more is 503; a response that does is read from the app as its
  /// client takes it.
  public var spoolBytesMax: Int64 = 8 << 30
  /// Requests that the app is given at the same time, by all loops together; 0 is any number.
  ///
  /// The others wait in a queue, first in, first out. A number near what the app really does keeps
  /// them where a client that leaves takes its request along, instead of in the app's socket.
  public var concurrencyMax = 256
  /// Seconds for which a request waits in the queue; then 503.
  public var queueTimeout = 30
  /// Requests that may wait in the queue, of all loops together; what comes beyond is 503 at once.
  public var queueCountMax = 10_000
  /// Whether a client that ends its side of the connection still wants its answer.
  ///
  /// Browsers and proxies end both sides at once, and such a client is taken to have left: its
  /// request is not passed on, or the app's connection is closed. Programs that shut down their
  /// sending side after a request and then read need true.
  public var allowsHalfClosedClients = false
  /// Bytes that the app is known to take with its first read of a connection, if they are there; 0
  /// when that is not known.
  ///
  /// With it a request that may not be repeated, such as POST, is sent once more when the reset of a
  /// local connection shows that nothing of it was read, as gunicorn's threads do at a reload.
  /// gunicorn reads 8192 bytes. An app that reads less would get such a request twice.
  public var firstReadByteCount = 0
  /// Whether upgraded connections end as soon as a stop was asked for and no request is in flight.
  ///
  /// Otherwise the app ends them, which has to be told by somebody else, or the grace time does.
  public var endsTunnelsAtStop = true
  /// Directories whose files the app may answer with, by `X-Accel-Redirect` or `X-Sendfile`; without
  /// any these fields pass on to the client.
  public var namedFiles: [NamedFiles.Directory] = []
  /// Where the files for what does not fit in memory are.
  public var temporaryDirectory = "/tmp"

  /// Forwarding to `upstream`.
  public init(to upstream: UpstreamAddress) {
    app = .upstream(upstream)
  }

  /// Calling `handler`, in a task of its own for each request.
  ///
  /// Times to connect and tunnels do not apply to it. Its content is handed over whole, and it waits
  /// while its client has `memoryBytesMax` bytes to take.
  public init(handler: @escaping RequestHandler) {
    app = .handler(handler)
  }

  /// What the values may be.
  public enum Range {
    /// Of the times, in seconds, `startupHold` excepted.
    public static let seconds = 1...86400
    /// Of `startupHold`, in seconds.
    public static let holdSeconds = 0...86400
    /// Of `concurrencyMax`.
    public static let concurrency = 0...1_000_000
    /// Of `queueTimeout`, in seconds.
    public static let queueSeconds = 0...86400
    /// Of `queueCountMax`.
    public static let queueCount = 0...(1 << 20)
    /// Of `contentBytesMax`, `responseBytesMax` and `spoolBytesMax`.
    public static let bytes = 0...(1 << 40)
    /// Of `memoryBytesMax`.
    public static let memoryBytes = 0...(1 << 30)
  }

  /// Traps when a value is out of its range.
  func checkRanges() {
    precondition(Range.holdSeconds.contains(startupHold), "forwarding.startupHold")
    precondition(Range.bytes.contains(Int(contentBytesMax)), "forwarding.contentBytesMax")
    precondition(Range.bytes.contains(Int(responseBytesMax)), "forwarding.responseBytesMax")
    precondition(Range.bytes.contains(Int(spoolBytesMax)), "forwarding.spoolBytesMax")
    precondition(Range.concurrency.contains(concurrencyMax), "forwarding.concurrencyMax")
    precondition(Range.queueSeconds.contains(queueTimeout), "forwarding.queueTimeout")
    precondition(Range.queueCount.contains(queueCountMax), "forwarding.queueCountMax")
    precondition(Range.memoryBytes.contains(memoryBytesMax), "forwarding.memoryBytesMax")
    for time in [connectTimeout, responseTimeout, tunnelTimeout] {
      precondition(Range.seconds.contains(time), "a time-out of forwarding")
    }
  }
}
