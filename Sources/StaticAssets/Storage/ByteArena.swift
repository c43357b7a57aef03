internal import Glibc

/// One block of memory that holds all bytes of a table's responses: paths, heads, bodies.
///
/// Immutable once a `ByteArenaBuilder` has filled it, so all threads may read it and its addresses
/// may be passed to the kernel. Unsafe invariant: `start` points to `byteCount` initialised bytes
/// until `deinit`, and every slice is checked against `byteCount` before use.
@safe struct ByteArena: ~Copyable, @unchecked Sendable {
  /// The number of bytes.
  let byteCount: Int

  /// The address of the first byte; valid until `deinit`.
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

  /// Whether the bytes of `slice` equal those of `range` in `bytes`.
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
/// Unsafe invariant: `start` points to `capacity` bytes, of which the first `byteCount` are
/// initialised. Only `reserve` moves them, and every write calls `reserve` first.
@safe struct ByteArenaBuilder: ~Copyable {
  /// Bytes added so far. Slices can address the first 4 GiB.
  private(set) var byteCount = 0

  private var capacity = 1 << 16
  private var start: UnsafeMutableRawPointer

  init() {
    unsafe start = Self.checked(malloc(capacity))
  }

  deinit {
    unsafe free(start)
  }

  /// Adds `bytes` and returns their slice.
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

  /// Adds a complete head and returns its slice.
  mutating func append(_ text: borrowing HeadText) -> ByteSlice {
    reserve(text.count)
    unsafe text.withBytes { bytes in
      // Reserved above; two allocations do not overlap.
      if let source = bytes.baseAddress {
        unsafe memcpy(start + byteCount, source, bytes.count)
      }
    }
    return take(text.count)
  }

  /// Adds the rest of an open file, which must be exactly `count` bytes.
  ///
  /// - Returns: the slice; nil, with nothing added, when the file has another length.
  /// - Throws: `FileError` when read(2) fails.
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

  /// Adds a region of `byteCount` bytes, which `fill` may write from several threads.
  ///
  /// Bytes that `fill` does not write stay uninitialised: no slice may include them.
  ///
  /// - Parameters:
  ///   - count: bytes of the region.
  ///   - following: an estimate of the bytes that will be added later. Unused capacity costs
  ///     nothing; moving 35 MB of bodies to grow the block takes 22 ms, because it splits huge
  ///     pages.
  ///   - fill: called once with the region, which is valid during the call.
  mutating func appendRoom<Result>(
    byteCount count: Int,
    following: Int,
    _ fill: (ArenaRoom) -> Result
  ) -> Result {
    reserve(count + following)
    // `fill` cannot add bytes, so the block does not move during the call.
    let room = unsafe ArenaRoom(start: start, range: byteCount..<byteCount + count)
    byteCount += count
    return fill(room)
  }

  /// The arena of all bytes added.
  consuming func finish() -> ByteArena {
    // Returns the unused capacity to the allocator.
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

  /// Asks the kernel to back the block with pages of 2 MiB; it may refuse. madvise(2)
  ///
  /// One page fault then replaces 512, which take a tenth of the start-up time.
  private func useHugePages() {
    let pageByteCount = 2 << 20
    guard capacity >= 2 * pageByteCount else { return }
    // madvise(2) requires whole pages of 4 KiB inside the block.
    let first = unsafe start.alignedUp(toMultipleOf: 4096)
    _ = unsafe madvise(first, (capacity - 4096) & ~4095, MADV_HUGEPAGE)
  }

  private static func checked(_ block: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer {
    guard let block = unsafe block else { fatalError("out of memory while loading static files") }
    return unsafe block
  }
}

/// A region of an arena under construction.
///
/// Unsafe invariant: `start` is the arena's address, and the bytes in `range` stay allocated until
/// the call that received the region returns. Threads may write at the same time to slots that do
/// not overlap.
@safe struct ArenaRoom: @unchecked Sendable {
  private let start: UnsafeMutableRawPointer
  private let range: Range<Int>

  fileprivate init(start: UnsafeMutableRawPointer, range: Range<Int>) {
    unsafe self.start = start
    self.range = range
  }

  /// Reads the open file `descriptor` into `slot` and one byte beyond. If that byte is filled, the
  /// file is longer than the slot. read(2)
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
      // read(2) on a regular file is short only at its end, so a full slot needs no further call.
      if result == 0 || count == Int(slot.count) { break }
    }
    return count
  }
}
