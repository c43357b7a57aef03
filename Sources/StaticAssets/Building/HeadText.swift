#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A buffer for the text of one response head.
///
/// Appending to an array takes three times as long, because each append checks for shared storage;
/// 10,000 collected files have a quarter of a million field lines. Unsafe invariant: `start` points
/// to `capacity` bytes, of which the first `count` are initialised; only `append` adds bytes.
@safe struct HeadText: ~Copyable {
  /// The number of bytes.
  private(set) var count = 0

  private var capacity = 1024
  private var start: UnsafeMutableRawPointer

  init() {
    unsafe start = .allocate(byteCount: capacity, alignment: 1)
  }

  deinit {
    unsafe start.deallocate()
  }

  mutating func removeAll() {
    count = 0
  }

  /// Removes the last `removed` bytes.
  mutating func removeLast(_ removed: Int) {
    precondition(removed >= 0 && removed <= count)
    count -= removed
  }

  @inline(always)
  mutating func append(_ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes { unsafe append($0) }
  }

  /// Adds a literal.
  ///
  /// When inlined, the length is a constant and the copy becomes a few stores.
  @inline(always)
  mutating func append(_ literal: StaticString) {
    // A StaticString's bytes live as long as the process.
    unsafe append(
      UnsafeRawBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount)
    )
  }

  /// Adds a number in decimal; traps when it is negative.
  mutating func append(decimal number: Int64) {
    precondition(number >= 0)
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var first = digits.count
    var rest = number
    repeat {
      first -= 1
      digits[first] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    } while rest > 0
    let text = digits.span
    unsafe text.withUnsafeBytes { unsafe append(UnsafeRawBufferPointer(rebasing: $0[first...])) }
  }

  /// Calls `body` with the bytes; valid during the call.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    unsafe body(UnsafeRawBufferPointer(start: start, count: count))
  }

  @inline(always)
  private mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return }
    reserve(count + bytes.count)
    unsafe memcpy(start + count, source, bytes.count)
    count += bytes.count
  }

  @inline(always)
  private mutating func reserve(_ needed: Int) {
    if needed > capacity { grow(to: needed) }
  }

  @inline(never)
  private mutating func grow(to needed: Int) {
    capacity = max(capacity * 2, needed)
    let grown = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 1)
    unsafe memcpy(grown, start, count)
    unsafe start.deallocate()
    unsafe start = grown
  }
}
