internal import Glibc

/// One block of memory that holds every byte an answer is made of: paths, heads, bodies.
///
/// Filled by a `ByteArenaBuilder` and never changed after that, so every thread may read it and
/// the kernel may be handed its addresses. The unsafe part: `start` points to `byteCount`
/// initialised bytes until `deinit`; every slice is checked against `byteCount` before use.
@safe struct ByteArena: ~Copyable, @unchecked Sendable {
  /// The number of bytes.
  let byteCount: Int

  /// The address of the first byte; valid as long as the arena.
  let start: UnsafeRawPointer

  fileprivate init(owning start: UnsafeMutableRawPointer, byteCount: Int) {
    unsafe self.start = UnsafeRawPointer(start)
    self.byteCount = byteCount
  }

  deinit {
    unsafe free(UnsafeMutableRawPointer(mutating: start))
  }

  /// Calls `body` with the bytes of `slice`.
  @inline(always)
  func withSpan<Result>(_ slice: ByteSlice, _ body: (Span<UInt8>) -> Result) -> Result {
    let range = slice.range
    precondition(range.upperBound <= byteCount)
    let bytes = unsafe UnsafeRawBufferPointer(
      start: start + range.lowerBound,
      count: range.count
    )
    return unsafe body(Span(_unsafeBytes: bytes))
  }

  /// Whether the bytes of `slice` are those of `range` in `bytes`.
  @inline(always)
  func equals(_ slice: ByteSlice, _ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard Int(slice.count) == range.count else { return false }
    precondition(slice.range.upperBound <= byteCount && range.upperBound <= bytes.count)
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let other = buffer.baseAddress else { return true }
      return unsafe memcmp(
        start + slice.range.lowerBound,
        other + range.lowerBound,
        range.count
      ) == 0
    }
  }
}

/// Collects the bytes of an arena.
///
/// The unsafe part: `start` points to `capacity` bytes of which `byteCount` are initialised;
/// `reserve` is the only place that moves them, and every write goes through it first.
@safe struct ByteArenaBuilder: ~Copyable {
  /// The bytes so far; a slice's offset is at most 4 GiB.
  private(set) var byteCount = 0

  private var capacity = 1 << 16
  private var start: UnsafeMutableRawPointer

  init() {
    unsafe start = Self.checked(malloc(capacity))
  }

  deinit {
    unsafe free(start)
  }

  /// Adds `bytes` and returns where they are.
  mutating func append(_ bytes: some Collection<UInt8>) -> ByteSlice {
    let count = bytes.count
    reserve(count)
    let target = unsafe UnsafeMutableBufferPointer(
      start: (start + byteCount).assumingMemoryBound(to: UInt8.self),
      count: count
    )
    _ = unsafe target.initialize(from: bytes)
    return take(count)
  }

  /// Adds a finished head and returns where it is.
  mutating func append(_ text: borrowing HeadText) -> ByteSlice {
    reserve(text.count)
    unsafe text.withBytes { bytes in
      // There is room for all of them, and two allocations do not overlap.
      if let source = bytes.baseAddress {
        unsafe memcpy(start + byteCount, source, bytes.count)
      }
    }
    return take(text.count)
  }

  /// Adds what is left of an open file, which must be exactly `count` bytes.
  ///
  /// - Returns: where the bytes are; nil, with nothing added, when the file has another length.
  mutating func append(
    fileAt path: FilePath,
    _ file: borrowing Descriptor,
    count: Int
  ) throws(FileError) -> ByteSlice? {
    reserve(count + 1)
    let target = unsafe UnsafeMutableRawBufferPointer(start: start + byteCount, count: count + 1)
    guard unsafe try file.read(into: target, path: path) == count else { return nil }
    return take(count)
  }

  /// Adds room for `byteCount` bytes, which `fill` may write from several threads.
  ///
  /// What it leaves unwritten stays so: no slice of it may be used.
  ///
  /// - Parameter following: bytes that will be added later, roughly. Room that is not used costs
  ///   nothing; moving 35 MB of bodies to make some costs 22 ms, because it breaks huge pages up.
  mutating func appendRoom<Result>(
    byteCount count: Int,
    following: Int,
    _ fill: (ArenaRoom) -> Result
  ) -> Result {
    reserve(count + following)
    // Nothing is added, so nothing moves, while `fill` runs.
    let room = unsafe ArenaRoom(start: start, range: byteCount..<byteCount + count)
    byteCount += count
    return fill(room)
  }

  /// The arena of all bytes added.
  consuming func finish() -> ByteArena {
    // The tail that was reserved and not used goes back to the system.
    let block = unsafe Self.checked(realloc(start, max(1, byteCount)))
    let arena = unsafe ByteArena(owning: block, byteCount: byteCount)
    discard self
    return arena
  }

  private mutating func take(_ count: Int) -> ByteSlice {
    let slice = ByteSlice(offset: byteCount, count: count)
    byteCount += count
    return slice
  }

  private mutating func reserve(_ count: Int) {
    guard byteCount + count > capacity else { return }
    capacity = max(capacity * 2, byteCount + count)
    unsafe start = Self.checked(realloc(start, capacity))
    useHugePages()
  }

  /// Asks for pages of 2 MiB, which the system may refuse. madvise(2)
  ///
  /// One fault then instead of 512, which are a tenth of the time to start.
  private func useHugePages() {
    let pageByteCount = 2 << 20
    guard capacity >= 2 * pageByteCount else { return }
    // Only whole small pages can be named; these are inside the block.
    let first = unsafe start.alignedUp(toMultipleOf: 4096)
    _ = unsafe madvise(first, (capacity - 4096) & ~4095, MADV_HUGEPAGE)
  }

  private static func checked(_ block: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer {
    guard let block = unsafe block else { fatalError("out of memory for static files") }
    return unsafe block
  }
}

/// Room in an arena that is being filled.
///
/// The unsafe part: `start` is the arena's, whose bytes in `range` are there until the call that
/// handed the room out returns. Threads may write at the same time if their slots differ.
@safe struct ArenaRoom: @unchecked Sendable {
  private let start: UnsafeMutableRawPointer
  private let range: Range<Int>

  fileprivate init(start: UnsafeMutableRawPointer, range: Range<Int>) {
    unsafe self.start = start
    self.range = range
  }

  /// Reads the open file `descriptor` into `slot` and the byte behind it, which shows whether
  /// there is more.
  ///
  /// - Returns: the number of bytes read, or a negative error number.
  func read(_ descriptor: Int32, into slot: ByteSlice) -> Int {
    let capacity = Int(slot.count) + 1
    let first = slot.range.lowerBound
    precondition(range.contains(first) && first + capacity <= range.upperBound)
    var count = 0
    while count < capacity {
      let result = retrying { [count] in
        unsafe Glibc.read(descriptor, start + first + count, capacity - count)
      }
      guard result >= 0 else { return -Int(errno) }
      count += result
      // A file gives all it has, so that a byte less than asked for is all of it.
      if result == 0 || count == Int(slot.count) { break }
    }
    return count
  }
}
