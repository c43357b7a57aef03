internal import CLinux
internal import Glibc

/// A loop's connections to the apps, indexed by descriptor number: in use by an exchange, or idle.
///
/// Confined to the thread of its loop. Owns the descriptors.
struct UpstreamPool: ~Copyable {
  /// The time an idle connection is kept, in milliseconds; gunicorn closes its own after 2 s.
  static let idleTime: Int64 = 1500
  /// The limit of idle connections to one app.
  ///
  /// A pool smaller than the peak concurrency reconnects constantly.
  static let idleCountMax = 256

  private struct Slot {
    var generation: UInt32 = 0
    /// The app at its other end.
    var app = 0
    /// The exchange that uses the connection; `none` if it is idle.
    var exchange = ExchangeID.none
    var isOpen = false
    /// Whether its request was abandoned and still has one of the app's shares.
    var holdsShare = false
    var idleUntil = Int64.max
    /// The number of the wake in which it became idle.
    var idleSince: UInt64 = 0
  }

  private var slots: [Slot] = []
  /// The number of connections.
  private(set) var openCount = 0
  /// The idle connections of each app; the one used last is the last element.
  private var idle: [[Int32]]
  /// Connections with abandoned requests, in order of abandonment, and the times when they are
  /// closed.
  private var abandoned: [(token: PollToken, until: Int64)] = []

  init(appCount: Int) {
    idle = Array(repeating: [], count: appCount)
  }

  /// The number of idle connections.
  var idleCount: Int { idle.reduce(0) { $0 + $1.count } }

  /// Takes ownership of the descriptor `fd`, which leads to app `app`, for exchange `id`.
  mutating func begin(_ fd: Int32, for id: ExchangeID, of app: Int) {
    while slots.count <= Int(fd) { slots.append(Slot()) }
    let generation = (slots[Int(fd)].generation &+ 1) & PollToken.generationMask
    slots[Int(fd)] = Slot(generation: generation, app: app, exchange: id, isOpen: true)
    openCount += 1
  }

  /// The epoll user data of `fd`.
  func token(of fd: Int32) -> PollToken {
    .upstream(fd, generation: slots[Int(fd)].generation)
  }

  /// The exchange of the connection `token`; `none` if it is idle, nil if it is closed.
  func exchange(of token: PollToken) -> ExchangeID? {
    let number = Int(token.fd)
    guard number < slots.count, slots[number].isOpen, slots[number].generation == token.generation
    else { return nil }
    return slots[number].exchange
  }

  /// Makes a connection without a request idle, for reuse until `time`.
  ///
  /// - Parameters:
  ///   - fd: the connection.
  ///   - time: in milliseconds of the monotonic clock.
  ///   - wake: the number of the wake.
  mutating func keep(_ fd: Int32, until time: Int64, in wake: UInt64) {
    let app = slots[Int(fd)].app
    if idle[app].count >= Self.idleCountMax { close(idle[app][0]) }
    slots[Int(fd)].exchange = .none
    slots[Int(fd)].idleUntil = time
    slots[Int(fd)].idleSince = wake
    idle[app].append(fd)
  }

  /// Takes an idle connection to app `app` that is open and has no received bytes; nil if there is
  /// none.
  ///
  /// A connection that the app has closed, or that has received bytes, is closed: the bytes belong
  /// to no request.
  mutating func take(
    for id: ExchangeID,
    of app: Int,
    in wake: borrowing Wake
  ) -> Int32? {
    while let fd = idle[app].last {
      guard slots[Int(fd)].idleUntil > wake.now,
        isSilent(slots[Int(fd)], wake) || clinux_peek(fd) == -Int(EAGAIN)
      else {
        close(fd)
        continue
      }
      idle[app].removeLast()
      slots[Int(fd)].exchange = id
      return fd
    }
    return nil
  }

  /// Whether it is known without a system call that the app has neither sent bytes behind its last
  /// response nor closed the connection, up to the last wait for events.
  ///
  /// The events of idle connections are handled first in each wake.
  private func isSilent(_ slot: Slot, _ wake: borrowing Wake) -> Bool {
    slot.idleSince != wake.number && wake.hasAllEvents
  }

  /// Keeps a connection with an abandoned request until the app has finished it: until then the app
  /// works on the request, and one of its shares is in use.
  ///
  /// The app reads the end of the client's side. `until` must not be before that of an earlier
  /// call.
  mutating func abandon(_ fd: Int32, until time: Int64) {
    slots[Int(fd)].exchange = .none
    slots[Int(fd)].holdsShare = true
    abandoned.append((token(of: fd), time))
    _ = clinux_finish_sending(fd)
  }

  /// The app of which the connection of `fd` holds a share for an abandoned request; nil for none.
  func appOfShare(_ fd: Int32) -> Int? { slots[Int(fd)].holdsShare ? slots[Int(fd)].app : nil }

  /// Closes the connections with abandoned requests that their apps have not ended in time; returns
  /// the app of each, whose share must be released.
  mutating func expireAbandoned(at now: Int64) -> [Int] {
    var apps: [Int] = []
    while let first = abandoned.first, first.until <= now || exchange(of: first.token) == nil {
      abandoned.removeFirst()
      guard exchange(of: first.token) != nil else { continue }
      close(first.token.fd)
      apps.append(slots[Int(first.token.fd)].app)
    }
    return apps
  }

  /// The time when the next connection with an abandoned request is closed; `Int64.max` without
  /// any.
  var abandonedDeadline: Int64 { abandoned.first?.until ?? .max }

  /// Closes the connections whose idle time is over; returns the time when the next one expires.
  mutating func expire(at now: Int64) -> Int64 {
    var next = Int64.max
    for app in idle.indices {
      for fd in idle[app] {
        let until = slots[Int(fd)].idleUntil
        if until <= now { close(fd) } else { next = min(next, until) }
      }
    }
    return next
  }

  /// Closes the idle connections to app `app`, whose address has changed.
  mutating func closeIdle(of app: Int) {
    for fd in idle[app] { close(fd) }
  }

  mutating func close(_ fd: Int32) {
    guard slots[Int(fd)].isOpen else { return }
    slots[Int(fd)].isOpen = false
    openCount -= 1
    let app = slots[Int(fd)].app
    if let index = idle[app].lastIndex(of: fd) { idle[app].remove(at: index) }
    _ = clinux_close(fd)
  }

  deinit {
    for number in slots.indices where slots[number].isOpen { _ = clinux_close(Int32(number)) }
  }
}
