#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Collects the bytes of an arena.
///
/// Unsafe invariant: `start` points to `capacity` bytes, of which the first `byteCount` are
/// initialised. Only `reserve` moves them, and every write calls `reserve` first.
@safe struct ByteArenaBuilder: ~Copyable {
  /// Bytes added so far.
  ///
  /// Slices can address the first 4 GiB.
  private(set) var byteCount = 0

  private var capacity: Int
  private var start: UnsafeMutableRawPointer

  /// A builder with room for `capacity` bytes, which grows.
  init(capacity: Int = 1 << 16) {
    self.capacity = capacity
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
    return commit(count)
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
    return commit(text.count)
  }

  /// Adds the rest of an open file, which must be exactly `count` bytes.
  ///
  /// - Returns: the slice; nil, with nothing added, when the file has another length.
  /// - Throws: `FileError` when read(2) fails.
  mutating func append(
    fileAt path: BytePath,
    _ file: borrowing Descriptor,
    count: Int
  ) throws(FileError) -> ByteSlice? {
    reserve(count + 1)
    let target = unsafe UnsafeMutableRawBufferPointer(start: start + byteCount, count: count + 1)
    guard unsafe try file.read(into: target, path: path) == count else { return nil }
    return commit(count)
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
  mutating func appendRegion<Result>(
    byteCount count: Int,
    following: Int,
    _ fill: (ArenaRegion) -> Result
  ) -> Result {
    reserve(count + following)
    // `fill` cannot add bytes, so the block does not move during the call.
    let region = unsafe ArenaRegion(start: start, range: byteCount..<byteCount + count)
    byteCount += count
    return fill(region)
  }

  /// The arena of all bytes added.
  consuming func finish() -> ByteArena {
    // Returns the unused capacity to the allocator.
    let block = unsafe Self.checked(realloc(start, max(1, byteCount)))
    let arena = unsafe ByteArena(owning: block, byteCount: byteCount)
    discard self
    return arena
  }

  private mutating func commit(_ count: Int) -> ByteSlice {
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
    unsafe Platform.useHugePages(first, byteCount: (capacity - 4096) & ~4095)
  }

  private static func checked(_ block: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer {
    guard let block = unsafe block else { fatalError("out of memory while loading static files") }
    return unsafe block
  }
}
