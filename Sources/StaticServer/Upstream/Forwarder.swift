internal import CLinux
internal import StaticAssets

/// What all loops of a server share for forwarding.
struct ForwardingShare {
  /// The number of the loop.
  let loop: Int
  /// How many requests the app gets at once; nil for any number.
  let gate: ConcurrencyGate?
  /// Writes what does not fit in memory; nil keeps all in memory.
  let spools: SpoolWriter?
}

/// Asks the app, or a handler of the process, for what no file answers: one loop's exchanges, its
/// connections to the app, and the requests that wait for one.
///
/// Every entry point takes the exchange that an event is of, does what is to be done, and settles it:
/// puts it back, or logs it and gives its place up when it is over. The steps in between are in the
/// extensions, one for each part of an exchange's way.
///
/// Confined to the thread of its loop. The unsafe part is the way to the loop's counters, which the loop
/// keeps.
@safe struct Forwarder: ~Copyable {
  let configuration: ForwardingConfiguration
  let policy: ForwardingPolicy
  let fields: ForwardedFields
  /// What the app may answer with.
  let namedFiles: NamedFiles
  /// Where the app listens; nil for a handler.
  let upstream: UpstreamAddress?
  /// What is known of the app.
  let app: RetryPolicy.App
  let share: ForwardingShare
  let mailbox: LoopMailbox
  let registry: PollRegistry
  /// Adds to the loop's counters, which outlive it.
  let adder: CounterAdder

  /// The table whose pages are sent for the app's errors.
  var table: FileTable
  var exchanges: ExchangeSlab
  var deadlines: DeadlineQueues
  var pool = UpstreamPool()
  var queue = UpstreamQueue()
  /// The identifiers of requests to which no trusted proxy gave one.
  var identifiers = RequestIdentifiers()
  /// Clients whose exchange is over.
  var finished: [Int32] = []
  /// Exchanges that are upgraded connections.
  var tunnelCount = 0
  /// When the idle connections to the app are looked at next.
  var poolDeadline = Int64.max

  /// A forwarder whose server listens at `listeners`.
  init(
    _ configuration: ForwardingConfiguration,
    _ policy: ForwardingPolicy,
    _ share: ForwardingShare,
    _ table: FileTable,
    _ mailbox: LoopMailbox,
    _ registry: PollRegistry,
    _ adder: CounterAdder,
    listeners: [ListenAddress]
  ) {
    self.configuration = configuration
    self.policy = policy
    self.share = share
    self.table = table
    self.mailbox = mailbox
    self.registry = registry
    unsafe self.adder = adder
    let host = listeners.lazy.compactMap(Self.host).first ?? "localhost"
    fields = ForwardedFields(defaultHost: Array(host.utf8), policy: policy)
    namedFiles = NamedFiles(configuration.namedFiles)
    if case .upstream(let address) = configuration.app {
      upstream = address
    } else {
      upstream = nil
    }
    app = RetryPolicy.App(
      isLocal: upstream?.isLocal ?? false,
      firstReadByteCount: configuration.firstReadByteCount
    )
    // Every exchange has a client's descriptor.
    let capacity = DescriptorLimit.current
    exchanges = ExchangeSlab(capacity: capacity)
    deadlines = DeadlineQueues(
      capacity: capacity,
      durations: ExchangeDeadline.durations(configuration)
    )
  }

  /// How long a request waits for an app that does not listen, in milliseconds.
  var startupHoldTime: Int64 { ExchangeDeadline.hold.milliseconds(configuration) }

  /// Whether there are such clients.
  var hasFinished: Bool { !finished.isEmpty }

  /// Whether tunnels end as soon as no request is in flight.
  var endsTunnelsAtStop: Bool { configuration.endsTunnelsAtStop }

  /// The clients whose exchange has ended since the last call.
  mutating func takeFinished() -> [Int32] {
    defer { finished = [] }
    return finished
  }

  private static func host(of address: ListenAddress) -> String? {
    switch address {
    case .ipv4, .ipv6: address.description
    case .unix, .inherited: nil
    }
  }
}

/// The queues of an exchange's deadlines on the app's side.
enum ExchangeDeadline: Int, CaseIterable {
  /// It waits for one of the app's shares.
  case queue
  /// It waits for an app that is away.
  case hold
  /// A connection to the app is being made, or its backlog is full.
  case connect
  /// The app takes the request or sends the response.
  case response
  /// Both sides of a tunnel are silent.
  case tunnel

  /// The time-out, in milliseconds.
  func milliseconds(_ configuration: ForwardingConfiguration) -> Int64 {
    let seconds =
      switch self {
      case .queue: configuration.queueTimeout
      case .hold: configuration.startupHold
      case .connect: configuration.connectTimeout
      case .response: configuration.responseTimeout
      case .tunnel: configuration.tunnelTimeout
      }
    return Int64(seconds) * 1000
  }

  /// The time-outs of all queues, in milliseconds.
  static func durations(_ configuration: ForwardingConfiguration) -> [8 of Int64] {
    var durations = [8 of Int64](repeating: 0)
    for deadline in allCases {
      durations[deadline.rawValue] = deadline.milliseconds(configuration)
    }
    return durations
  }
}
