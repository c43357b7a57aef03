internal import CLinux
internal import Glibc
internal import StaticAssets

/// One thread's share of a server: its listeners, its connections, its answers.
///
/// Level-triggered: each wake receives once from every readable connection, answers all the
/// requests that came, and sends the answers with one call. Nothing on that path allocates, takes
/// a lock or counts a reference.
///
/// A value with one owner, the thread that runs it.
@safe struct EventLoop: ~Copyable {
  /// The table that answers: owned here, and used without being counted for each request.
  var current: FileTable
  var table: Unmanaged<FileTable>
  /// Where the offsets of its plans start.
  var tableStart: UnsafeRawPointer
  /// The number of tables before the current one.
  var epoch: UInt16 = 0
  /// The tables before it that clients still take answers from.
  var retired: [RetiredTable] = []
  /// When those are looked at next.
  var releasesAgain = Int64.max
  let control: LoopControl
  let budget: ConnectionBudget
  let counters: Counters
  /// The same as `counters`, without a reference.
  let adder: CounterAdder
  let limits: LoopLimits
  let epoll: Descriptor

  var listeners: [LoopListener]
  var connections: ConnectionSlab
  var input = LoopBuffer(capacity: 65536)
  var output = LoopBuffer(capacity: 65536)
  var date = DateField()
  var head = RequestHead()
  /// Milliseconds of the monotonic clock, read once for each wake.
  var now: Int64
  /// When deadlines are looked at next; none can pass before.
  var nextSweep = Int64.max
  /// Set while no new connection can be accepted for want of descriptors or of room.
  var acceptsAgain = Int64.max
  /// When the loop ends whatever is left; set once a stop was asked for.
  var drainDeadline: Int64?

  /// Where requests for no file go; nil when they are 404.
  let forwarder: Forwarder?
  /// The same as `forwarder != nil`, without a reference.
  let forwards: Bool
  /// Who is believed, and what clients are told.
  let policy: ForwardingPolicy
  /// When forwarded requests are looked at next.
  var forwardsAgain = Int64.max

  /// The access log.
  var log: RequestLog
  /// The length of the last multipart body, which its plan does not tell.
  var multipartByteCount: Int64 = 0

  private let events: ReadyEvents

  /// A loop that accepts from `listeners` and answers from `table`.
  ///
  /// - Parameter budget: what the loop shares with others; nil for one that is alone.
  static func create(
    table: FileTable,
    configuration: ServerConfiguration,
    control: LoopControl,
    listeners: [LoopListener],
    log: consuming RequestLog = RequestLog(),
    budget: ConnectionBudget? = nil,
    counters: Counters = Counters()
  ) throws(ServerError) -> EventLoop {
    let budget = budget ?? ConnectionBudget(connectionsMax: .max, controls: [])
    let epoll = Descriptor(owning: try ServerError.check(clinux_epoll_create(), "epoll_create1"))
    for listener in listeners {
      try watch(listener.descriptor, listener.interest, in: epoll)
    }
    try watch(control.descriptor, UInt32(CLINUX_READABLE), in: epoll)
    return EventLoop(table, configuration, control, listeners, budget, counters, epoll, log)
  }

  private init(
    _ table: FileTable,
    _ configuration: ServerConfiguration,
    _ control: LoopControl,
    _ listeners: [LoopListener],
    _ budget: ConnectionBudget,
    _ counters: Counters,
    _ epoll: consuming Descriptor,
    _ log: consuming RequestLog
  ) {
    current = table
    unsafe self.table = Unmanaged.passUnretained(table)
    unsafe tableStart = table.baseAddress
    self.control = control
    self.listeners = listeners
    self.epoll = epoll
    self.log = log
    self.budget = budget
    self.counters = counters
    unsafe adder = counters.adder
    limits = LoopLimits(configuration)
    forwarder = configuration.forwarding.map {
      Forwarder($0, configuration.forwardingPolicy, listeners: configuration.listeners)
    }
    forwards = configuration.forwarding != nil
    policy = configuration.forwardingPolicy
    connections = ConnectionSlab(capacity: DescriptorLimit.current)
    now = clinux_monotonic_milliseconds()
    events = ReadyEvents(capacity: 256)
  }

  static func watch(
    _ descriptor: Int32,
    _ events: UInt32,
    in epoll: borrowing Descriptor
  ) throws(ServerError) {
    let result = clinux_epoll_control(
      epoll.number,
      Int32(CLINUX_ADD),
      descriptor,
      events,
      ReadyEvents.mark(descriptor)
    )
    _ = try ServerError.check(result, "epoll_ctl")
  }

  /// Serves until a stop was asked for and the last response is sent.
  mutating func run() {
    while true {
      turn()
      if let drainDeadline, connections.count == 0 || now >= drainDeadline { break }
    }
    closeEverything()
    finishLog()
  }

  /// Waits for events, answers them, and does what is due.
  mutating func turn() {
    let count = events.wait(epoll.number, milliseconds: waitMilliseconds)
    now = clinux_monotonic_milliseconds()
    date.update(clinux_realtime_seconds())
    for index in 0..<count { handle(events[index]) }
    if now >= nextSweep { sweep() }
    if now >= acceptsAgain { resumeAccepting() }
    if now >= releasesAgain { releaseRetired() }
    if now >= forwardsAgain { sweepForwarding() }
    if now >= log.handOverTime { log.handOver(now: now) }
  }

  /// How long to wait for events; -1 is without end.
  private var waitMilliseconds: Int32 {
    var next = connections.count > 0 ? nextSweep : Int64.max
    next = min(next, acceptsAgain, drainDeadline ?? Int64.max)
    next = min(next, releasesAgain, log.handOverTime)
    // A fourth argument would make an array.
    next = min(next, forwardsAgain)
    guard next < Int64.max else { return -1 }
    return Int32(clamping: max(0, next - now + 1))
  }

  /// What is ready and no client: the app, a listener, or what other threads ask.
  @inline(never)
  private mutating func handleMarked(_ event: ReadyEvent) {
    guard event.generation == ReadyEvents.markGeneration else {
      appIsReady(event.descriptor, event.generation)
      return
    }
    guard event.descriptor == control.descriptor else {
      accept(from: event.descriptor)
      return
    }
    if let table = control.takeOffer() { replaceTable(table) }
    if control.takeRoomNotice(), acceptsAgain < .max { resumeAccepting() }
    if control.takeRoomRequest() { closeIdle(atMost: 1) }
    if forwards { handlersAreReady() }
    if control.stopIsRequested, drainDeadline == nil { beginDraining() }
  }

  @inline(always)
  private mutating func handle(_ event: ReadyEvent) {
    guard event.generation < AppConnections.mark else {
      handleMarked(event)
      return
    }
    let connection = connections[event.descriptor]
    guard connection.generation == event.generation else { return }
    switch connection.state {
    case .free: break
    case .greeting: receivePrelude(event.descriptor)
    case .reading: receive(event.descriptor)
    case .skipping: skipContent(event.descriptor)
    case .sending: resume(event.descriptor)
    case .lingering: discard(event.descriptor)
    case .forwarding: clientIsReady(event.descriptor)
    }
  }
}

/// A listening socket as one loop sees it.
struct LoopListener {
  let listener: Listener
  /// The loop's number among the listener's users.
  let loop: Int
  let descriptor: Int32

  /// What epoll is asked to report: of a shared socket to one loop only.
  var interest: UInt32 {
    UInt32(CLINUX_READABLE) | (listener.isShared ? UInt32(CLINUX_EXCLUSIVE) : 0)
  }
}
