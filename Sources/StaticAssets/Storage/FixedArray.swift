#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// An array that is filled once and then only read, without reference counting or copies.
///
/// Elements are trivial values; reading one is a bounds check and a load. Unsafe invariant: `start`
/// points to `count` initialised elements in memory of malloc(3) from `init` to `deinit`. Nothing
/// writes after `init`, so threads may share it.
@safe struct FixedArray<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
  /// The number of elements.
  let count: Int

  private let start: UnsafeMutablePointer<Element>

  /// Copies `elements`.
  init(_ elements: [Element]) {
    self = FixedArrayBuilder(elements).finish()
  }

  /// Takes over memory of malloc(3) that begins with `count` initialised elements.
  init(owning start: UnsafeMutablePointer<Element>, count: Int) {
    unsafe self.start = start
    self.count = count
  }

  deinit {
    unsafe free(start)
  }

  /// The element at `index`; traps unless 0 <= `index` < `count`.
  @inline(always)
  subscript(index: Int) -> Element {
    precondition(index >= 0 && index < count)
    return unsafe start[index]
  }
}
