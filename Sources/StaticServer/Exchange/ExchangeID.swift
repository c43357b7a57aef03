/// A slot of a loop's exchange slab, with the generation of the exchange in it.
///
/// A connection with several concurrent exchanges stores one identifier for each.
struct ExchangeID: Equatable, Sendable, BitwiseCopyable {
  /// The slot's index.
  let slot: Int32
  /// The number of exchanges that have used the slot, from 1 on; 0 is no exchange.
  let generation: UInt32

  /// No exchange.
  static var none: ExchangeID { ExchangeID(slot: 0, generation: 0) }
}
