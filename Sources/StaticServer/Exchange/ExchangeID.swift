/// The place of an exchange in its loop's slab, and which of the exchanges that had this place it is.
///
/// A connection that carries several exchanges at once keeps one of these for each of them.
struct ExchangeID: Equatable, Sendable, BitwiseCopyable {
  /// The place.
  let slot: Int32
  /// Counts the exchanges that had the place, from 1 on; 0 for no exchange.
  let generation: UInt32

  /// No exchange.
  static var none: ExchangeID { ExchangeID(slot: 0, generation: 0) }
}
