internal import Synchronization

/// A member that makes a large noncopyable type address-only.
///
/// Swift 6.3 passes a loadable value to a function that borrows it as a copy, whatever its size:
/// 814 bytes for each such call with an `Exchange`. `Atomic` is bound to its address while it is
/// borrowed, so a type that contains one is passed by its address.
struct InPlace: ~Copyable {
  private let anchor = Atomic<UInt8>(0)
}
