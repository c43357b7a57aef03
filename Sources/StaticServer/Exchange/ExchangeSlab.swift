/// The exchanges of one loop, as values at fixed places.
///
/// An exchange is taken out while something is done for it, and put back if it is not over then: so
/// it has one owner at any time, and what is done for it may use every other part of the loop.
///
/// Confined to the thread of its loop. The unsafe part: `slots` points to `capacity` initialised values;
/// every index is checked against that.
@safe struct ExchangeSlab: ~Copyable {
  private struct Slot: ~Copyable {
    var generation: UInt32 = 0
    var exchange: Exchange?
    /// Whether the place belongs to an exchange, be it taken out or not.
    var isUsed = false
  }

  /// The number of exchanges.
  private(set) var count = 0
  /// The most exchanges there can be.
  let capacity: Int

  private let slots: UnsafeMutablePointer<Slot>
  private var free: [Int32] = []
  private var usedCapacity = 0

  /// Room for `capacity` exchanges. A page of places costs memory only once it is used.
  init(capacity: Int) {
    self.capacity = capacity
    unsafe slots = .allocate(capacity: capacity)
  }

  deinit {
    unsafe slots.deinitialize(count: usedCapacity)
    unsafe slots.deallocate()
  }

  /// A place for a new exchange, which is to be put there; nil when all are taken.
  mutating func reserve() -> ExchangeID? {
    let slot: Int32
    if let last = free.popLast() {
      slot = last
    } else {
      guard usedCapacity < capacity else { return nil }
      slot = Int32(usedCapacity)
      unsafe (slots + usedCapacity).initialize(to: Slot())
      usedCapacity += 1
    }
    let generation = max(1, generation(of: slot) &+ 1)
    unsafe slots[Int(slot)].generation = generation
    unsafe slots[Int(slot)].isUsed = true
    count += 1
    return ExchangeID(slot: slot, generation: generation)
  }

  /// Whether the exchange of `id` is not over.
  func contains(_ id: ExchangeID) -> Bool {
    guard id.generation != 0, Int(id.slot) < usedCapacity else { return false }
    return unsafe slots[Int(id.slot)].isUsed && slots[Int(id.slot)].generation == id.generation
  }

  /// Takes the exchange of `id` out; nil when it is over, or taken out already.
  mutating func take(_ id: ExchangeID) -> Exchange? {
    guard contains(id) else { return nil }
    return unsafe slots[Int(id.slot)].exchange.take()
  }

  /// Puts `exchange` at its place.
  mutating func put(_ exchange: consuming Exchange) {
    let id = exchange.id
    precondition(contains(id))
    unsafe slots[Int(id.slot)].exchange = consume exchange
  }

  /// Gives up the place of an exchange that is over.
  mutating func release(_ id: ExchangeID) {
    precondition(contains(id))
    unsafe slots[Int(id.slot)].isUsed = false
    unsafe slots[Int(id.slot)].exchange = nil
    free.append(id.slot)
    count -= 1
  }

  /// The exchange at place `slot`; `none` when the place is free.
  func id(at slot: Int32) -> ExchangeID {
    guard Int(slot) < usedCapacity, unsafe slots[Int(slot)].isUsed else { return .none }
    return ExchangeID(slot: slot, generation: generation(of: slot))
  }

  private func generation(of slot: Int32) -> UInt32 { unsafe slots[Int(slot)].generation }
}
