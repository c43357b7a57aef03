internal import CLinux
internal import Glibc

/// A loop's connections to the app, addressed by descriptor number: those that carry an exchange,
/// and those that wait for the next.
///
/// Confined to the thread of its loop. Owns the descriptors.
struct AppConnections {
  /// Marks the events of an app's connection; the generations of clients' are below.
  static let mark: UInt32 = 0x8000_0000
  /// How long an idle connection is kept, in milliseconds: gunicorn closes its own after 2 s.
  static let idleTime: Int64 = 1500
  /// How many idle ones are kept: fewer than are in use at once would be made anew again and again.
  static let idleCountMax = 256

  private struct Slot {
    var generation: UInt32 = 0
    /// The client whose exchange it carries; below zero for an idle one.
    var client: Int32 = -1
    var isOpen = false
    var idleUntil = Int64.max
    var idleSince = Int64.max
  }

  private var slots: [Slot] = []
  /// The idle ones, the one used last at the end.
  private var idle: [Int32] = []

  /// Takes over the open descriptor `number` for the exchange of `client`; returns what marks its
  /// events.
  mutating func begin(_ number: Int32, for client: Int32) -> UInt32 {
    while slots.count <= Int(number) { slots.append(Slot()) }
    let generation = (slots[Int(number)].generation &+ 1) & 0x3FFF_FFFF
    slots[Int(number)] = Slot(generation: generation, client: client, isOpen: true)
    return Self.mark | generation
  }

  /// What marks the events of `number`.
  func mark(of number: Int32) -> UInt32 { Self.mark | slots[Int(number)].generation }

  /// The client whose exchange the connection carries that an event is of: below zero when it is
  /// idle, nil when it is closed.
  func client(of number: Int32, _ mark: UInt32) -> Int32? {
    guard Int(number) < slots.count, slots[Int(number)].isOpen,
      Self.mark | slots[Int(number)].generation == mark
    else { return nil }
    return slots[Int(number)].client
  }

  /// Keeps a connection, which has nothing in flight, for another request.
  mutating func keep(_ number: Int32, from now: Int64, until time: Int64) {
    if idle.count >= Self.idleCountMax { close(idle[0]) }
    slots[Int(number)].client = -1
    slots[Int(number)].idleSince = now
    slots[Int(number)].idleUntil = time
    idle.append(number)
  }

  /// An idle connection that is open and on which nothing has come; nil when there is none.
  ///
  /// One that the app has closed, or sent something on, is closed. Whoever reads what the app sends
  /// has just looked at one that was kept at `now`.
  mutating func take(for client: Int32, at now: Int64) -> Int32? {
    while let number = idle.last {
      let slot = slots[Int(number)]
      let isFresh = slot.idleSince == now
      guard slot.idleUntil > now, isFresh || clinux_peek(number) == -Int(EAGAIN) else {
        close(number)
        continue
      }
      idle.removeLast()
      slots[Int(number)].client = client
      return number
    }
    return nil
  }

  /// Closes those that have been idle for their time; returns when the next has.
  mutating func expire(at now: Int64) -> Int64 {
    for number in idle where slots[Int(number)].idleUntil <= now { close(number) }
    return idle.reduce(Int64.max) { min($0, slots[Int($1)].idleUntil) }
  }

  mutating func close(_ number: Int32) {
    guard slots[Int(number)].isOpen else { return }
    slots[Int(number)].isOpen = false
    idle.removeAll { $0 == number }
    _ = clinux_close(number)
  }

  /// Closes every connection.
  mutating func closeAll() {
    for number in slots.indices where slots[number].isOpen { close(Int32(number)) }
  }
}
