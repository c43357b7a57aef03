internal import CLinux
internal import StaticAssets

/// The forwarding state that all loops of a server share.
struct ForwardingShare {
  /// The index of the loop.
  let loop: Int
  /// The limits of concurrent requests, one for each app; nil for no limit.
  let gates: [ConcurrencyGate?]
  /// Writes spool files; if it is nil, all bytes stay in memory.
  let spools: SpoolWriter?
  /// The first untrusted peer that sent forwarding fields.
  let untrusted: UntrustedProxy
  /// Whether the app has responded.
  let presence: AppPresence
  /// Starts the tasks of a handler.
  let intake: HandlerIntake
  /// The peers.
  var peers = PeerList([])
}

extension ForwardingShare {
  /// The state of the only loop of a server without limits.
  init(_ presence: AppPresence) {
    self.init(
      loop: 0,
      gates: [],
      spools: nil,
      untrusted: UntrustedProxy(),
      presence: presence,
      intake: HandlerIntake()
    )
  }
}

/// Forwards requests of one loop to the apps or to a handler.
///
/// Owns the loop's exchanges, its connections to the apps, and the queues for them.
///
/// Every entry point takes the exchange of an event, handles the event, and settles the exchange:
/// puts it back into the slab, or logs it and releases its slot if it is over. The steps are in
/// extensions, one for each part.
///
/// Confined to the thread of its loop. The unsafe part: `adder` points into the loop's counters,
/// which live as long as the loop.
@safe struct Forwarder: ~Copyable {
  private let inPlace = InPlace()
  private(set) var configuration: ForwardingConfiguration
  private(set) var policy: ForwardingPolicy
  private(set) var fields: ForwardedFields
  /// The files that the app may select.
  private(set) var namedFiles: NamedFiles
  let share: ForwardingShare
  let mailbox: LoopMailbox
  let registry: PollRegistry
  /// Adds to the loop's counters, which outlive this value.
  let adder: CounterAdder

  /// The table with the configured error pages.
  private(set) var table: FileTable
  var exchanges: ExchangeSlab
  var deadlines: DeadlineQueues
  var pool: UpstreamPool
  /// The apps, in the order of `ForwardingConfiguration.paths`, then the slots for peers.
  var apps: [ForwardedApp]
  /// Whether latencies are counted.
  let measures: Bool
  /// Generates identifiers for requests without one from a trusted proxy.
  var identifiers = RequestIdentifiers()
  /// The client connections whose exchange is over.
  var finished: [Int32] = []
  /// The number of exchanges that are upgraded connections.
  var tunnelCount = 0
  /// The number of exchanges that count against the limit of requests to peers.
  var peersAskedCount = 0
  /// The version of the list of peers in `apps`.
  var peersVersion = 0
  /// The number of peers in `apps` with an address.
  var peersKnownCount = 0
  /// The first peer of the last request.
  var peerTurn = 0
  /// The time when the next idle connection to the app expires, in monotonic milliseconds.
  var poolDeadline = Int64.max

  /// Creates a forwarder for a server that listens at `listeners`.
  init(
    _ configuration: ForwardingConfiguration,
    _ policy: ForwardingPolicy,
    _ share: ForwardingShare,
    _ table: FileTable,
    _ mailbox: LoopMailbox,
    _ registry: PollRegistry,
    _ adder: CounterAdder,
    listeners: [ListenAddress],
    measures: Bool = false
  ) {
    self.measures = measures
    self.configuration = configuration
    self.policy = policy
    self.share = share
    self.table = table
    self.mailbox = mailbox
    self.registry = registry
    unsafe self.adder = adder
    let host = listeners.lazy.compactMap(Self.host).first ?? "localhost"
    fields = ForwardedFields(defaultHost: Array(host.utf8), policy: policy)
    namedFiles = NamedFiles(configuration.namedFiles.map(\.directory))
    apps = ForwardedApp.all(configuration)
    pool = UpstreamPool(appCount: apps.count)
    // Each exchange has a client's descriptor, so there are at most as many.
    let capacity = DescriptorLimit.current
    exchanges = ExchangeSlab(capacity: capacity)
    deadlines = DeadlineQueues(
      capacity: capacity,
      durations: ExchangeDeadline.durations(configuration)
    )
  }

  /// Uses the error pages of `table` from now on.
  ///
  /// A function, because an assignment through the optional that holds this value does not release
  /// the previous table (Swift 6.3).
  mutating func replaceTable(_ table: FileTable) {
    self.table = table
  }

  /// Applies `configuration` and `policy` from now on; the addresses of the apps and the use of the
  /// PROXY protocol do not change.
  mutating func change(_ configuration: ForwardingConfiguration, _ policy: ForwardingPolicy) {
    let before = self.configuration
    self.configuration = configuration
    self.configuration.app = before.app
    self.configuration.path = before.path
    self.configuration.others = before.others
    self.configuration.peers.isOn = before.peers.isOn
    self.configuration.sendsProxyProtocol = before.sendsProxyProtocol
    self.policy = policy
    fields.policy = policy
    namedFiles = NamedFiles(configuration.namedFiles.map(\.directory))
    deadlines.change(durations: ExchangeDeadline.durations(configuration))
    apps[0].holdTime = ExchangeDeadline.hold.milliseconds(configuration)
  }

  /// Whether the connection `token` to an app has no request.
  mutating func isIdle(_ token: PollToken) -> Bool { pool.exchange(of: token) == ExchangeID.none }

  /// Whether `finished` has connections.
  var hasFinished: Bool { !finished.isEmpty }

  /// The client connections whose exchange ended since the last call.
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

/// The deadline queues of exchanges on the app's side.
enum ExchangeDeadline: Int, CaseIterable {
  /// The request waits for a share.
  case queue
  /// The request waits because nothing listens at the upstream address.
  case hold
  /// A connection is being established, or the app's backlog is full.
  case connect
  /// The app must read request bytes or send response bytes.
  case response
  /// Both sides of a tunnel are idle.
  case tunnel
  /// A peer must begin its response, and make progress.
  case peer

  /// The time-out, in milliseconds.
  func milliseconds(_ configuration: ForwardingConfiguration) -> Int64 {
    let time =
      switch self {
      case .queue: configuration.queueTimeout
      case .hold: configuration.startupHold
      case .connect: configuration.connectTimeout
      case .response: configuration.responseTimeout
      case .tunnel: configuration.tunnelTimeout
      case .peer: configuration.peers.timeout
      }
    return time.milliseconds
  }

  /// The time-outs of all queues in milliseconds.
  static func durations(_ configuration: ForwardingConfiguration) -> [8 of Int64] {
    var durations = [8 of Int64](repeating: 0)
    for deadline in allCases {
      durations[deadline.rawValue] = deadline.milliseconds(configuration)
    }
    return durations
  }
}
