internal import CLinux

/// A descriptor that a loop keeps open and releases for a call that finds no free descriptor.
///
/// Exclusive owner of the descriptor.
struct ReservedDescriptor: ~Copyable {
  private var number: Int

  init() { number = clinux_eventfd() }

  deinit {
    if number >= 0 { _ = clinux_close(Int32(number)) }
  }

  /// Releases it: the next call of the process that needs a descriptor can use its number.
  mutating func giveUp() {
    guard number >= 0 else { return }
    _ = clinux_close(Int32(number))
    number = -1
  }

  /// Reserves one again, if it was released and the process may have one more.
  mutating func renew() {
    if number < 0 { number = clinux_eventfd() }
  }
}
