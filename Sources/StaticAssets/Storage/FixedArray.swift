/// An array that is filled once and then only read, without reference counting or copies.
///
/// Elements are trivial values; reading one is a bounds check and a load. Unsafe invariant: `start`
/// points to `count` initialised elements from `init` to `deinit`. Nothing writes after `init`, so
/// threads may share it.
@safe struct FixedArray<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
  /// The number of elements.
  let count: Int

  private let start: UnsafeMutablePointer<Element>

  /// Copies `elements`.
  init(_ elements: [Element]) {
    count = elements.count
    unsafe start = .allocate(capacity: max(1, elements.count))
    unsafe elements.withUnsafeBufferPointer { source in
      if let first = source.baseAddress {
        unsafe start.initialize(from: first, count: source.count)
      }
    }
  }

  deinit {
    unsafe start.deallocate()
  }

  /// The element at `index`; traps unless 0 <= `index` < `count`.
  @inline(always)
  subscript(index: Int) -> Element {
    precondition(index >= 0 && index < count)
    return unsafe start[index]
  }
}
