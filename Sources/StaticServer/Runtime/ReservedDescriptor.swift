internal import CLinux

/// A descriptor that a loop keeps open, to give it up for one that it needs when there is no other.
///
/// Owns its descriptor, which nobody else uses.
struct ReservedDescriptor: ~Copyable {
  private var number: Int

  init() { number = clinux_eventfd() }

  deinit {
    if number >= 0 { _ = clinux_close(Int32(number)) }
  }

  /// Gives it up: the next call of the process that needs a descriptor can have its number.
  mutating func giveUp() {
    guard number >= 0 else { return }
    _ = clinux_close(Int32(number))
    number = -1
  }

  /// Reserves one again, if it was given up and the process may have one more.
  mutating func renew() {
    if number < 0 { number = clinux_eventfd() }
  }
}
