internal import CLinux
internal import Glibc

/// A loop's connections to the app, addressed by descriptor number: those that carry an exchange,
/// and those that wait for the next.
///
/// Confined to the thread of its loop. Owns the descriptors.
struct UpstreamPool: ~Copyable {
  /// How long an idle connection is kept, in milliseconds: gunicorn closes its own after 2 s.
  static let idleTime: Int64 = 1500
  /// How many idle ones are kept. A pool smaller than the peak concurrency reconnects constantly.
  static let idleCountMax = 256

  private struct Slot {
    var generation: UInt32 = 0
    /// The exchange that it carries; none for an idle one.
    var exchange = ExchangeID.none
    var isOpen = false
    /// Whether its request was abandoned and still has one of the app's shares.
    var holdsShare = false
    var idleUntil = Int64.max
  }

  private var slots: [Slot] = []
  /// The idle ones, the one used last at the end.
  private var idle: [Int32] = []
  /// Those whose requests were abandoned, the first at the start, and when they are closed at last.
  private var abandoned: [(token: PollToken, until: Int64)] = []

  /// Takes over the open descriptor `fd` for the exchange of `id`.
  mutating func begin(_ fd: Int32, for id: ExchangeID) {
    while slots.count <= Int(fd) { slots.append(Slot()) }
    let generation = (slots[Int(fd)].generation &+ 1) & PollToken.generationMask
    slots[Int(fd)] = Slot(generation: generation, exchange: id, isOpen: true)
  }

  /// What marks the events of `fd`.
  func token(of fd: Int32) -> PollToken {
    .upstream(fd, generation: slots[Int(fd)].generation)
  }

  /// The exchange that the connection of `token` carries: none when it is idle, nil when it is closed.
  func exchange(of token: PollToken) -> ExchangeID? {
    let number = Int(token.fd)
    guard number < slots.count, slots[number].isOpen, slots[number].generation == token.generation
    else { return nil }
    return slots[number].exchange
  }

  /// Keeps a connection, which has nothing in flight, for another request.
  mutating func keep(_ fd: Int32, until time: Int64) {
    if idle.count >= Self.idleCountMax { close(idle[0]) }
    slots[Int(fd)].exchange = .none
    slots[Int(fd)].idleUntil = time
    idle.append(fd)
  }

  /// An idle connection that is open and on which nothing has come; nil when there is none.
  ///
  /// One that the app has closed, or sent something on, is closed: what it has sent belongs to no
  /// request.
  mutating func take(for id: ExchangeID, at now: Int64) -> Int32? {
    while let fd = idle.last {
      guard slots[Int(fd)].idleUntil > now, clinux_peek(fd) == -Int(EAGAIN) else {
        close(fd)
        continue
      }
      idle.removeLast()
      slots[Int(fd)].exchange = id
      return fd
    }
    return nil
  }

  /// Keeps a connection whose request was abandoned until the app has noticed or is done with it: until
  /// then it works on the request, and one of its shares is in use.
  ///
  /// The app reads the end of the client's side. `until` must not be before that of an earlier one.
  mutating func abandon(_ fd: Int32, until time: Int64) {
    slots[Int(fd)].exchange = .none
    slots[Int(fd)].holdsShare = true
    abandoned.append((token(of: fd), time))
    _ = clinux_finish_sending(fd)
  }

  /// Whether the connection of `fd` holds one of the app's shares for an abandoned request.
  func holdsShare(_ fd: Int32) -> Bool { slots[Int(fd)].holdsShare }

  /// Closes the abandoned connections that the app has not ended in time; returns how many of the app's
  /// shares they held.
  mutating func expireAbandoned(at now: Int64) -> Int {
    var count = 0
    while let first = abandoned.first, first.until <= now || exchange(of: first.token) == nil {
      abandoned.removeFirst()
      guard exchange(of: first.token) != nil else { continue }
      close(first.token.fd)
      count += 1
    }
    return count
  }

  /// When the next abandoned connection is closed at last; `Int64.max` without any.
  var abandonedDeadline: Int64 { abandoned.first?.until ?? .max }

  /// Closes those that have been idle for their time; returns when the next has.
  mutating func expire(at now: Int64) -> Int64 {
    for fd in idle where slots[Int(fd)].idleUntil <= now { close(fd) }
    return idle.reduce(Int64.max) { min($0, slots[Int($1)].idleUntil) }
  }

  mutating func close(_ fd: Int32) {
    guard slots[Int(fd)].isOpen else { return }
    slots[Int(fd)].isOpen = false
    if let index = idle.lastIndex(of: fd) { idle.remove(at: index) }
    _ = clinux_close(fd)
  }

  deinit {
    for number in slots.indices where slots[number].isOpen { _ = clinux_close(Int32(number)) }
  }
}
