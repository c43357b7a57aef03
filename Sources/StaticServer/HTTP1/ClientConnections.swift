internal import CLinux
internal import Glibc
internal import StaticAssets

/// The client connections of one loop: states, deadlines, epoll interest, input and output.
///
/// Independent of files and apps. Confined to the thread of its loop. The unsafe part: `adder`
/// points into the loop's counters, which live as long as the loop.
@safe struct ClientConnections: ~Copyable {
  private let inPlace = InPlace()
  var slab: ClientSlab
  var deadlines: DeadlineQueues
  private(set) var limits: ConnectionLimits
  /// Adds to the loop's counters, which outlive this value.
  let adder: CounterAdder
  /// The lines of responses that have ended since the last `takeDrafts`.
  private(set) var drafts: [ResponseDraft] = []
  /// The failure of the last response that was broken off, because its connection or its file had
  /// failed.
  private(set) var brokenResponse = (reason: FailureReason.none, unsentByteCount: Int64(0))

  private let numbering: ConnectionNumbering
  private let registry: PollRegistry
  let connectionLimit: ConnectionLimit
  /// The mailbox of this loop.
  let mailbox: LoopMailbox
  /// Released when a call finds no descriptor while this loop has no idle connection.
  var reserve = ReservedDescriptor()

  /// Creates slots for every descriptor of this process; no connection yet.
  init(
    _ limits: ConnectionLimits,
    _ registry: PollRegistry,
    _ connectionLimit: ConnectionLimit,
    _ mailbox: LoopMailbox,
    _ adder: CounterAdder,
    _ numbering: ConnectionNumbering = ConnectionNumbering()
  ) {
    self.numbering = numbering
    let capacity = DescriptorLimit.current
    slab = ClientSlab(capacity: capacity)
    deadlines = DeadlineQueues(capacity: capacity, durations: ClientDeadline.durations(limits))
    self.limits = limits
    self.registry = registry
    self.connectionLimit = connectionLimit
    self.mailbox = mailbox
    unsafe self.adder = adder
  }

  /// Changes the limits, also of connections that are open.
  mutating func change(_ limits: ConnectionLimits) {
    deadlines.change(durations: ClientDeadline.durations(limits))
    self.limits = limits
  }

  /// The byte stream of connection `fd`.
  @inline(always)
  func transport(_ fd: Int32) -> Transport { .plain(fd) }

  /// Begins a connection at `fd` and takes ownership of `fd` and its place in the connection limit.
  ///
  /// It is closed at once if `fd` is too high or epoll cannot register it.
  mutating func begin(_ fd: Int32, from peer: PeerAddress, at now: Int64) {
    guard Int(fd) < slab.capacity else {
      _ = clinux_close(fd)
      connectionLimit.leave()
      return
    }
    unsafe adder.add(.accepted)
    reserve.renew()
    let generation = slab.begin(fd, from: peer)
    if limits.expectsPrelude { slab[fd].state = .prelude }
    setDeadline(fd, .head, at: now)
    if registry.add(.client(fd, generation: generation), .readable) < 0 { close(fd) }
  }

  /// Closes a connection.
  ///
  /// Its exchange, if it has one, must have ended.
  @inline(never)
  mutating func close(_ fd: Int32) {
    let transport = transport(fd)
    deadlines.cancel(fd)
    if unsafe slab[fd].work != nil { endDraft(fd, otherwise: .leftWhileReceiving) }
    slab.release(fd)
    transport.close()
    unsafe adder.add(.closed)
    connectionLimit.leave()
  }

  /// The number of connection `fd`, unique in the process.
  func number(of fd: Int32) -> UInt64 { numbering.number(slab[fd].generation) }

  /// Ends the log line of the response on `fd`, which was sent or whose rest is discarded.
  ///
  /// - Parameter reason: the reason why the rest is discarded.
  mutating func endDraft(_ fd: Int32, otherwise reason: FailureReason) {
    guard var draft = slab[work: fd].draft else { return }
    slab[work: fd].draft = nil
    if let backlog = unsafe slab[work: fd].backlog {
      let unsent = unsafe backlog.pointee.unsentByteCount
      if unsent > 0 { giveUp(&draft.line, for: reason, unsentByteCount: unsent) }
    }
    drafts.append(draft)
  }

  /// Records in `line` that a response was not sent completely, and counts the reason.
  ///
  /// - Parameter unsentByteCount: the bytes that were discarded; they may include a head.
  func giveUp(
    _ line: inout RequestLog.Line,
    for reason: FailureReason,
    unsentByteCount: Int64
  ) {
    line.bodyByteCount = max(0, line.bodyByteCount - unsentByteCount)
    line.reason = reason
    unsafe adder.add(reason)
  }

  /// Takes the lines of the responses that have ended.
  mutating func takeDrafts() -> [ResponseDraft] {
    defer { drafts = [] }
    return drafts
  }

  /// Closes a connection that has failed during a response.
  ///
  /// - Parameters:
  ///   - outcome: whether the connection or the file has failed.
  ///   - unsentByteCount: how many of its bytes were not sent, besides those of the backlog.
  @inline(never)
  mutating func closeBroken(
    _ fd: Int32,
    _ outcome: SendOutcome = .failed,
    unsentByteCount: Int64 = 0
  ) {
    unsafe adder.add(.broken)
    let reason: FailureReason = outcome == .fileFailed ? .brokenFile : .leftWhileReceiving
    brokenResponse = (reason, unsentByteCount)
    if unsafe slab[fd].work != nil {
      if let backlog = unsafe slab[work: fd].backlog {
        brokenResponse.unsentByteCount += unsafe backlog.pointee.unsentByteCount
      }
      endDraft(fd, otherwise: reason)
    }
    close(fd)
  }

  /// Changes the epoll events of `fd` to those of its state.
  func updateInterest(_ fd: Int32) {
    let events = ClientReaction.interest(for: slab[fd].state)
    registry.modify(.client(fd, generation: slab[fd].generation), events)
  }

  /// Changes the epoll events of `fd` from `before` to `events`; nil is no registration.
  func watch(_ fd: Int32, _ events: PollEvents?, was before: PollEvents?) {
    guard events != before else { return }
    let token = PollToken.client(fd, generation: slab[fd].generation)
    switch (before, events) {
    case (_, nil): registry.remove(fd)
    case (nil, let events?): _ = registry.add(token, events)
    case (_, let events?): registry.modify(token, events)
    }
  }

  /// Sets the deadline of `fd`; replaces an earlier one.
  @inline(always)
  mutating func setDeadline(_ fd: Int32, _ deadline: ClientDeadline, at now: Int64) {
    deadlines.set(fd, deadline.rawValue, at: now)
  }
}
