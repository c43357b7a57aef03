internal import StaticAssets

/// Memory of an event loop through which the bytes of all its connections pass.
///
/// The unsafe part: `start` points to `capacity` bytes until `deinit`, of which the first `count`
/// are initialised; appending checks the room that is left.
@safe struct ByteBuffer: ~Copyable {
  let capacity: Int
  /// The bytes in use, from the start.
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

  /// Bytes that can still be appended.
  @inline(always)
  var room: Int { capacity &- count }

  /// Whether CRLF stands at `position`; both bytes must be in use.
  @inline(always)
  func hasEmptyLine(at position: Int) -> Bool {
    precondition(position >= 0 && position &+ 2 <= count)
    return unsafe start.loadUnaligned(fromByteOffset: position, as: UInt16.self)
      == UInt16(littleEndian: 0x0A0D)
  }

  /// Whether the bytes in use are CR and LF alone.
  var hasOnlyEmptyLines: Bool {
    for offset in 0..<count {
      let byte = unsafe start.load(fromByteOffset: offset, as: UInt8.self)
      guard byte == 0x0D || byte == 0x0A else { return false }
    }
    return true
  }

  /// Forgets the bytes in use.
  @inline(always)
  mutating func clear() {
    count = 0
  }

  /// Takes the bytes of `range` out; those behind it move up.
  mutating func remove(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    unsafe (start + range.lowerBound).copyMemory(
      from: start + range.upperBound,
      byteCount: count - range.upperBound
    )
    count -= range.count
  }

  /// Appends `byteCount` bytes from `source`; there must be room for them.
  @inline(always)
  mutating func append(_ source: UnsafeRawPointer, _ byteCount: Int) {
    precondition(byteCount >= 0 && byteCount <= room)
    unsafe (start + count).copyMemory(from: source, byteCount: byteCount)
    count &+= byteCount
  }

  /// Appends one byte; there must be room for it.
  @inline(always)
  mutating func append(_ byte: UInt8) {
    precondition(room > 0)
    unsafe start.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count &+= 1
  }

  /// Appends the bytes of `literal`; there must be room for them.
  mutating func append(_ literal: StaticString) {
    // A literal of more than one character is a pointer to bytes that live as long as the process.
    unsafe append(UnsafeRawPointer(literal.utf8Start), literal.utf8CodeUnitCount)
  }

  /// Appends the bytes of `slice` in `source`; there must be room for them.
  mutating func append(_ source: Span<UInt8>, _ slice: ByteSlice) {
    precondition(slice.range.upperBound <= source.count)
    unsafe source.withUnsafeBytes { buffer in
      guard let first = buffer.baseAddress else { return }
      unsafe append(first + Int(slice.offset), Int(slice.count))
    }
  }

  /// Appends the decimal digits of `value`, at most 19; there must be room for them.
  mutating func append(decimal value: Int64) {
    precondition(value >= 0)
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

  /// Appends `bytes`; there must be room for them.
  mutating func append(_ bytes: [UInt8]) {
    precondition(bytes.count <= room)
    unsafe bytes.withUnsafeBytes { buffer in
      if let source = buffer.baseAddress {
        unsafe (start + count).copyMemory(from: source, byteCount: buffer.count)
      }
    }
    count += bytes.count
  }

  /// Takes `byteCount` bytes that the system wrote behind the ones in use.
  @inline(always)
  mutating func take(_ byteCount: Int) {
    precondition(byteCount >= 0 && byteCount <= room)
    count &+= byteCount
  }
}
