internal import Synchronization

/// A member that makes a large noncopyable type address-only.
///
/// Swift 6.3 copies a loadable value, whatever its size, for each call of a function that borrows it:
/// 814 bytes for an `Exchange`. An `Atomic` must not move while it is borrowed, so a type that
/// contains one is passed by its address.
struct InPlace: ~Copyable {
  private let anchor = Atomic<UInt8>(0)
}
