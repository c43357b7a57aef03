/// The requests of one loop that wait for the app, in the order in which they came.
///
/// An exchange that is over is still in the queue, and passed over when its turn comes.
///
/// Confined to the thread of its loop.
struct UpstreamQueue {
  /// How long a failed attempt to connect waits for the next, in milliseconds.
  static let retryTime: Int64 = 20

  /// Requests without a share.
  var waiting = ExchangeFIFO()
  /// Requests with a share for which no connection could be made.
  private(set) var stalled = ExchangeFIFO()
  /// When the first of these is tried again; `Int64.max` while an attempt is made or none waits.
  private(set) var retryTime = Int64.max
  /// The one whose attempt the others wait for.
  private var attempt = ExchangeID.none

  /// Whether a request has to wait for those before it.
  var isStalled: Bool { !stalled.isEmpty || attempt != .none }

  /// Lets a request wait behind the others.
  mutating func stall(_ id: ExchangeID, at now: Int64) {
    stalled.append(id)
    if attempt == .none, retryTime == .max { retryTime = now + Self.retryTime }
  }

  /// The attempt of `id` has failed: it waits before the others, and the next attempt comes later.
  mutating func stallFirst(_ id: ExchangeID, at now: Int64) {
    stalled.prepend(id)
    if attempt == id { attempt = .none }
    retryTime = min(retryTime, now + Self.retryTime)
  }

  /// Takes the request whose attempt is due; nil when none is.
  mutating func takeForRetry(at now: Int64) -> ExchangeID? {
    guard retryTime <= now else { return nil }
    retryTime = .max
    return stalled.popFirst()
  }

  /// Lets the next request be tried at once.
  mutating func tryNext(at now: Int64) {
    if attempt == .none { retryTime = stalled.isEmpty ? .max : now }
  }

  /// Takes note that the others wait for the attempt of `id`.
  mutating func noteAttempt(_ id: ExchangeID) { attempt = id }

  /// Takes note that `id` has a connection, or is over, and no attempt is being made.
  /// Those behind it are tried at once then.
  mutating func endAttempt(_ id: ExchangeID, at now: Int64) {
    guard attempt == id, id != .none else { return }
    attempt = .none
    tryNext(at: now)
  }
}

/// Exchanges in the order in which they came.
struct ExchangeFIFO {
  private var ids: [ExchangeID] = []
  private var first = 0

  /// Whether there is none.
  var isEmpty: Bool { first == ids.count }

  mutating func append(_ id: ExchangeID) { ids.append(id) }

  /// Puts `id` before the others.
  mutating func prepend(_ id: ExchangeID) {
    if first > 0 {
      first -= 1
      ids[first] = id
    } else {
      ids.insert(id, at: 0)
    }
  }

  mutating func popFirst() -> ExchangeID? {
    guard first < ids.count else { return nil }
    let id = ids[first]
    first += 1
    if first == ids.count {
      ids.removeAll(keepingCapacity: first < 1024)
      first = 0
    } else if first > 1024, first * 2 > ids.count {
      ids.removeFirst(first)
      first = 0
    }
    return id
  }
}
