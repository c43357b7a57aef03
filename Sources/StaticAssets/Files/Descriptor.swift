internal import Glibc

/// An open file descriptor with exactly one owner, closed when the owner goes away.
///
/// Non-copyable: two owners of one number are the classic double close, which the compiler
/// now refuses. Hot paths borrow `number`; only the owner can end its life.
package struct Descriptor: ~Copyable, Sendable {
  /// The kernel's number; never negative.
  package let number: Int32

  /// Takes ownership of `number`, which must be open and owned by nobody else.
  package init(owning number: Int32) {
    precondition(number >= 0)
    self.number = number
  }

  deinit {
    // close(2) frees the number even when it reports EINTR or EIO: there is nothing to retry.
    _ = close(number)
  }

  /// Gives up ownership without closing, for example to a table of descriptors.
  package consuming func release() -> Int32 {
    let number = number
    discard self
    return number
  }
}
