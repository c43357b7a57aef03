internal import StaticAssets

/// A fixed block of memory that the bytes of all connections of a loop pass through.
///
/// The unsafe part: `start` points to `capacity` bytes until `deinit`, the first `count` of which
/// are initialised. Appending checks the free space.
@safe struct ByteBuffer: ~Copyable {
  let capacity: Int
  /// The number of initialised bytes, counted from `start`.
  private(set) var count = 0
  /// The first byte.
  let start: UnsafeMutableRawPointer

  init(capacity: Int) {
    self.capacity = capacity
    unsafe start = .allocate(byteCount: capacity, alignment: 64)
    unsafe start.initializeMemory(as: UInt8.self, repeating: 0, count: capacity)
  }

  deinit {
    unsafe start.deallocate()
  }

  /// The free space in bytes.
  @inline(always)
  var room: Int { capacity &- count }

  /// Whether CRLF is at `position`; both bytes must be below `count`.
  @inline(always)
  func hasEmptyLine(at position: Int) -> Bool {
    precondition(position >= 0 && position &+ 2 <= count)
    return unsafe start.loadUnaligned(fromByteOffset: position, as: UInt16.self)
      == UInt16(littleEndian: 0x0A0D)
  }

  /// Whether all bytes in use are CR and LF.
  var hasOnlyEmptyLines: Bool {
    for offset in 0..<count {
      let byte = unsafe start.load(fromByteOffset: offset, as: UInt8.self)
      guard byte == 0x0D || byte == 0x0A else { return false }
    }
    return true
  }

  /// Removes the bytes in use.
  @inline(always)
  mutating func clear() {
    count = 0
  }

  /// Removes the bytes of `range` and moves the bytes behind it forward.
  mutating func remove(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    unsafe (start + range.lowerBound).copyMemory(
      from: start + range.upperBound,
      byteCount: count - range.upperBound
    )
    count -= range.count
  }

  /// Appends `byteCount` bytes from `source`; they must fit `room`.
  @inline(always)
  mutating func append(_ source: UnsafeRawPointer, _ byteCount: Int) {
    precondition(byteCount >= 0 && byteCount <= room)
    unsafe (start + count).copyMemory(from: source, byteCount: byteCount)
    count &+= byteCount
  }

  /// Appends one byte; it must fit `room`.
  @inline(always)
  mutating func append(_ byte: UInt8) {
    precondition(room > 0)
    unsafe start.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count &+= 1
  }

  /// Appends the bytes of `literal`; they must fit `room`.
  mutating func append(_ literal: StaticString) {
    // A literal of more than one character is stored as a pointer to static bytes.
    unsafe append(UnsafeRawPointer(literal.utf8Start), literal.utf8CodeUnitCount)
  }

  /// Appends the bytes of `slice` in `source`; they must fit `room`.
  mutating func append(_ source: Span<UInt8>, _ slice: ByteSlice) {
    precondition(slice.range.upperBound <= source.count)
    unsafe source.withUnsafeBytes { buffer in
      guard let first = buffer.baseAddress else { return }
      unsafe append(first + Int(slice.offset), Int(slice.count))
    }
  }

  /// Appends the decimal digits of `value`, at most 19; they must fit `room`.
  mutating func append(decimal value: Int64) {
    precondition(value >= 0)
    // The common case: parts of addresses and statuses.
    if value < 1000 {
      appendSmall(UInt16(truncatingIfNeeded: value))
      return
    }
    var digits = InlineArray<19, UInt8>(repeating: 0)
    var rest = value
    var first = digits.count
    repeat {
      first &-= 1
      digits[first] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    } while rest > 0
    precondition(digits.count - first <= room)
    for index in first..<digits.count { append(digits[index]) }
  }

  @inline(always)
  private mutating func appendSmall(_ value: UInt16) {
    let zero = UInt8(ascii: "0")
    if value >= 100 { append(zero &+ UInt8(truncatingIfNeeded: value / 100)) }
    if value >= 10 { append(zero &+ UInt8(truncatingIfNeeded: value / 10 % 10)) }
    append(zero &+ UInt8(truncatingIfNeeded: value % 10))
  }

  /// Appends `bytes`; they must fit `room`.
  mutating func append(_ bytes: [UInt8]) {
    precondition(bytes.count <= room)
    unsafe bytes.withUnsafeBytes { buffer in
      if let source = buffer.baseAddress {
        unsafe (start + count).copyMemory(from: source, byteCount: buffer.count)
      }
    }
    count += bytes.count
  }

  /// Adds to `count` the `byteCount` bytes that a system call wrote behind the initialised ones.
  @inline(always)
  mutating func take(_ byteCount: Int) {
    precondition(byteCount >= 0 && byteCount <= room)
    count &+= byteCount
  }
}
