/// The exchanges of one loop, as values at fixed places.
///
/// An exchange is taken out while it is worked on, and put back unless it is over. So it has one
/// owner at any time, and the work may use every other part of the loop.
///
/// Confined to the thread of its loop. Unsafe: `exchanges` points to `capacity` values, of which
/// those at places with `holdsExchange` are initialized; a place is below `places.count`, which is
/// at most `capacity`.
@safe struct ExchangeSlab: ~Copyable {
  private struct Place {
    var generation: UInt32 = 0
    /// Whether the place belongs to an exchange, taken out or not.
    var isUsed = false
    /// Whether the exchange is at its place.
    var holdsExchange = false
  }

  /// The limit of exchanges.
  let capacity: Int

  private let exchanges: UnsafeMutablePointer<Exchange>
  private var places: [Place] = []
  private var free: [Int32] = []

  /// A slab for `capacity` exchanges.
  ///
  /// A page of places costs memory only once it is used.
  init(capacity: Int) {
    self.capacity = capacity
    unsafe exchanges = .allocate(capacity: capacity)
  }

  deinit {
    for slot in places.indices where places[slot].holdsExchange {
      unsafe (exchanges + slot).deinitialize(count: 1)
    }
    unsafe exchanges.deallocate()
  }

  /// A place for a new exchange, which must be put there; nil if all places are used.
  mutating func reserve() -> ExchangeID? {
    let slot: Int32
    if let last = free.popLast() {
      slot = last
    } else {
      guard places.count < capacity else { return nil }
      slot = Int32(places.count)
      places.append(Place())
    }
    let generation = max(1, places[Int(slot)].generation &+ 1)
    places[Int(slot)] = Place(generation: generation, isUsed: true)
    return ExchangeID(slot: slot, generation: generation)
  }

  /// Whether the exchange of `id` is not over.
  func contains(_ id: ExchangeID) -> Bool {
    guard id.generation != 0, Int(id.slot) < places.count else { return false }
    let place = places[Int(id.slot)]
    return place.isUsed && place.generation == id.generation
  }

  /// Takes the exchange of `id` out; nil if it is over or already taken out.
  mutating func take(_ id: ExchangeID) -> Exchange? {
    guard contains(id), places[Int(id.slot)].holdsExchange else { return nil }
    places[Int(id.slot)].holdsExchange = false
    return unsafe (exchanges + Int(id.slot)).move()
  }

  /// Puts `exchange` at its place.
  mutating func put(_ exchange: consuming Exchange) {
    let id = exchange.id
    precondition(contains(id) && !places[Int(id.slot)].holdsExchange)
    unsafe (exchanges + Int(id.slot)).initialize(to: exchange)
    places[Int(id.slot)].holdsExchange = true
  }

  /// Releases the place of an exchange that was taken out and is over.
  mutating func release(_ id: ExchangeID) {
    precondition(contains(id) && !places[Int(id.slot)].holdsExchange)
    places[Int(id.slot)].isUsed = false
    free.append(id.slot)
  }

  /// Calls `body` with each exchange that is at its place.
  func forEach(_ body: (borrowing Exchange) -> Void) {
    for slot in places.indices where places[slot].holdsExchange {
      unsafe body((exchanges + slot).pointee)
    }
  }

  /// The exchange at place `slot`; `none` if the place is free.
  func id(at slot: Int32) -> ExchangeID {
    guard Int(slot) < places.count, places[Int(slot)].isUsed else { return .none }
    return ExchangeID(slot: slot, generation: places[Int(slot)].generation)
  }
}
