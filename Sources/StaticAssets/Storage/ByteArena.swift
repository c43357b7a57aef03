#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

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

  init(owning start: UnsafeMutableRawPointer, byteCount: Int) {
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
