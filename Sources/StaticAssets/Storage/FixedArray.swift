/// An array that is filled once and then only read, without reference counts or hidden copies.
///
/// Its elements are plain values, so reading one is a bounds check and a load. The unsafe part:
/// `start` points to `count` initialised elements from `init` to `deinit`, and nothing writes
/// after `init`, which also makes it safe to share between threads.
@safe struct FixedArray<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
  /// The number of elements.
  let count: Int

  private let start: UnsafeMutablePointer<Element>

  /// An array of the same elements.
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

  /// The element at `index`, which must be below `count`.
  @inline(always)
  subscript(index: Int) -> Element {
    precondition(index >= 0 && index < count)
    return unsafe start[index]
  }
}
