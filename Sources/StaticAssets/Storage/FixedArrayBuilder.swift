#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Collects the elements of a `FixedArray`, which takes over their memory without a copy.
///
/// With 60,000 representations, copying them takes a twentieth of the start-up time. Unsafe
/// invariant: `start` points to memory of malloc(3) for `capacity` elements, of which the first
/// `count` are initialised. Only `reserveCapacity` and `finish` move them.
@safe struct FixedArrayBuilder<Element: BitwiseCopyable & Sendable>: ~Copyable {
  /// The number of elements.
  private(set) var count = 0

  private var capacity = 0
  private var start: UnsafeMutablePointer<Element>

  /// A builder without elements.
  init() {
    // malloc(3) aligns for every type up to this.
    precondition(MemoryLayout<Element>.alignment <= 16)
    unsafe start = Self.resized(nil, capacity: 1)
    capacity = 1
  }

  /// A builder with `count` times `element`.
  init(repeating element: Element, count: Int) {
    self.init()
    reserveCapacity(count)
    unsafe start.initialize(repeating: element, count: count)
    self.count = count
  }

  /// A builder with `elements`.
  init(_ elements: [Element]) {
    self.init()
    reserveCapacity(elements.count)
    unsafe elements.withUnsafeBufferPointer { source in
      if let first = source.baseAddress {
        unsafe start.initialize(from: first, count: source.count)
      }
    }
    count = elements.count
  }

  deinit {
    unsafe free(start)
  }

  /// The element at `index`; traps unless 0 <= `index` < `count`.
  subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count)
      return unsafe start[index]
    }
    set {
      precondition(index >= 0 && index < count)
      unsafe start[index] = newValue
    }
  }

  /// Adds an element at the end.
  mutating func append(_ element: Element) {
    if count == capacity { reserveCapacity(capacity * 2) }
    unsafe (start + count).initialize(to: element)
    count += 1
  }

  /// Makes room for `minimum` elements.
  mutating func reserveCapacity(_ minimum: Int) {
    guard minimum > capacity else { return }
    unsafe start = Self.resized(start, capacity: minimum)
    capacity = minimum
  }

  /// The array of all elements.
  consuming func finish() -> FixedArray<Element> {
    // Returns the unused capacity to the allocator.
    let block = unsafe Self.resized(start, capacity: max(1, count))
    let array = unsafe FixedArray(owning: block, count: count)
    discard self
    return array
  }

  private static func resized(
    _ block: UnsafeMutablePointer<Element>?,
    capacity: Int
  ) -> UnsafeMutablePointer<Element> {
    guard let resized = unsafe realloc(block, capacity * MemoryLayout<Element>.stride) else {
      fatalError("out of memory while loading static files")
    }
    return unsafe resized.assumingMemoryBound(to: Element.self)
  }
}
