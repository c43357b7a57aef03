#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// An open file descriptor with exactly one owner; closed when the owner is destroyed.
///
/// Non-copyable, so that the compiler excludes a double close. Hot paths use `number`.
package struct Descriptor: ~Copyable, Sendable {
  /// The descriptor; never negative.
  package let number: Int32

  /// Takes ownership of `number`; traps when it is negative.
  ///
  /// It must be open and have no other owner.
  package init(owning number: Int32) {
    precondition(number >= 0)
    self.number = number
  }

  deinit {
    // close(2) releases the descriptor even when it fails with EINTR or EIO; never retry.
    _ = close(number)
  }

  /// Gives up ownership without closing.
  package consuming func release() -> Int32 {
    let number = number
    discard self
    return number
  }
}
