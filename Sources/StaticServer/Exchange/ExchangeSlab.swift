/// The exchanges of one loop, as values in fixed slots.
///
/// A function takes an exchange out while it works on it, and puts it back unless it is over. So
/// the exchange has one owner at any time, and the function may use every other part of the loop.
///
/// Confined to the thread of its loop. The unsafe part: `slots` points to `capacity` values, the
/// first `usedCapacity` of which are initialised; every index is checked.
@safe struct ExchangeSlab: ~Copyable {
  private struct Slot: ~Copyable {
    var generation: UInt32 = 0
    var exchange: Exchange?
    /// Whether an exchange has this slot; it may be taken out.
    var isUsed = false
  }

  /// The number of exchanges.
  private(set) var count = 0
  /// The limit of exchanges.
  let capacity: Int

  private let slots: UnsafeMutablePointer<Slot>
  private var free: [Int32] = []
  private var usedCapacity = 0

  /// Allocates slots for `capacity` exchanges; a page uses memory only after its first use.
  init(capacity: Int) {
    self.capacity = capacity
    unsafe slots = .allocate(capacity: capacity)
  }

  deinit {
    unsafe slots.deinitialize(count: usedCapacity)
    unsafe slots.deallocate()
  }

  /// Reserves a slot for a new exchange; nil if all are in use.
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

  /// Whether the exchange `id` exists; it may be taken out.
  func contains(_ id: ExchangeID) -> Bool {
    guard id.generation != 0, Int(id.slot) < usedCapacity else { return false }
    return unsafe slots[Int(id.slot)].isUsed && slots[Int(id.slot)].generation == id.generation
  }

  /// Takes the exchange `id` out; nil if it is over or already taken out.
  mutating func take(_ id: ExchangeID) -> Exchange? {
    guard contains(id) else { return nil }
    return unsafe slots[Int(id.slot)].exchange.take()
  }

  /// Puts `exchange` back into its slot.
  mutating func put(_ exchange: consuming Exchange) {
    let id = exchange.id
    precondition(contains(id))
    unsafe slots[Int(id.slot)].exchange = consume exchange
  }

  /// Releases the slot of an exchange that is over.
  mutating func release(_ id: ExchangeID) {
    precondition(contains(id))
    unsafe slots[Int(id.slot)].isUsed = false
    unsafe slots[Int(id.slot)].exchange = nil
    free.append(id.slot)
    count -= 1
  }

  /// The identifier of the exchange in `slot`; `none` if the slot is free.
  func id(at slot: Int32) -> ExchangeID {
    guard Int(slot) < usedCapacity, unsafe slots[Int(slot)].isUsed else { return .none }
    return ExchangeID(slot: slot, generation: generation(of: slot))
  }

  private func generation(of slot: Int32) -> UInt32 { unsafe slots[Int(slot)].generation }
}
