/// The requests of one loop that wait for the app, in the order of arrival.
///
/// An exchange that is over stays in the queue and is skipped at its turn.
///
/// Confined to the thread of its loop.
struct UpstreamQueue {
  /// The time between a failed connect and the next attempt, in milliseconds.
  static let retryTime: Int64 = 10

  /// Requests that wait for a share.
  var waiting = ExchangeFIFO()
  /// Requests with a share that wait for a connection.
  private(set) var stalled = ExchangeFIFO()
  /// The time when the first stalled request is tried again; `Int64.max` while an attempt is in
  /// progress or the queue is empty.
  private(set) var retryTime = Int64.max
  /// Why the last request had to wait for a connection.
  var cause = FailureReason.appAway
  /// The exchange whose attempt is in progress; the others wait for its result.
  private var attempt = ExchangeID.none

  /// Whether requests wait for a connection, or the result of an attempt.
  var isStalled: Bool { !stalled.isEmpty || attempt != .none }

  /// Whether request `id` must wait behind others; false for the request whose attempt is in progress.
  func mustWait(_ id: ExchangeID) -> Bool { isStalled && attempt != id }

  /// Queues a request behind the others.
  mutating func stall(_ id: ExchangeID, at now: Int64) {
    stalled.append(id)
    if attempt == .none, retryTime == .max { retryTime = now + Self.retryTime }
  }

  /// Queues `id` before the others after its attempt has failed; the next attempt is made later.
  mutating func stallFirst(_ id: ExchangeID, at now: Int64) {
    stalled.prepend(id)
    if attempt == id { attempt = .none }
    retryTime = min(retryTime, now + Self.retryTime)
  }

  /// Takes the request whose attempt is due; nil if there is none.
  mutating func takeForRetry(at now: Int64) -> ExchangeID? {
    guard retryTime <= now else { return nil }
    retryTime = .max
    return stalled.popFirst()
  }

  /// Makes the attempt of the next request due at once.
  mutating func tryNext(at now: Int64) {
    if attempt == .none { retryTime = stalled.isEmpty ? .max : now }
  }

  /// Records that the attempt of `id` is in progress.
  mutating func noteAttempt(_ id: ExchangeID) { attempt = id }

  /// Records that the attempt of `id` is over: it has a connection, or the exchange has ended.
  ///
  /// The next request is tried at once.
  mutating func endAttempt(_ id: ExchangeID, at now: Int64) {
    guard attempt == id, id != .none else { return }
    attempt = .none
    tryNext(at: now)
  }
}

/// Exchanges in the order of arrival.
struct ExchangeFIFO {
  private var ids: [ExchangeID] = []
  private var first = 0

  /// Whether the queue is empty.
  var isEmpty: Bool { first == ids.count }

  mutating func append(_ id: ExchangeID) { ids.append(id) }

  /// Inserts `id` before the others.
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
