extension Span<UInt8> {
  /// The index of the first `byte` in `range`; the range's upper bound when there is none.
  ///
  /// Compares sixteen bytes at a time: 15 ns for 450 bytes, the byte loop takes 137 ns. Faster than
  /// memchr(3) up to about 32 bytes, the length of most names and values.
  @inline(always)
  package func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int {
    let pattern = SIMD16<UInt8>(repeating: byte)
    return firstIndex(
      in: range,
      wide: { $0 .== pattern },
      single: { $0 == byte }
    )
  }

  /// The index of the first byte at or after `start` that is not allowed in a field value; `count`
  /// when there is none.
  ///
  /// Such bytes are DEL and the control characters except HTAB. The CR of the line's end is one of
  /// them, so one search finds the end of the line and validates the value.
  ///
  /// Source: RFC 9110 §5.5.
  @inline(always)
  func firstIndexOutsideFieldValue(from start: Int) -> Int {
    firstIndex(
      in: start..<count,
      wide: {
        ($0 .< SIMD16(repeating: 0x20) .& ($0 .!= SIMD16(repeating: 0x09)))
          .| ($0 .== SIMD16(repeating: 0x7F))
      },
      single: { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }
    )
  }

  /// The index of the first byte at or after `start` that is not part of a request target: a space,
  /// a control character, DEL or `#`; `count` when there is none.
  ///
  /// Bytes from 0x80 are accepted: some clients send paths in unescaped UTF-8.
  ///
  /// Source: RFC 9112 §3.2.
  @inline(always)
  func firstIndexOutsideTarget(from start: Int) -> Int {
    firstIndex(
      in: start..<count,
      wide: {
        ($0 .<= SIMD16(repeating: 0x20)) .| ($0 .== SIMD16(repeating: 0x7F))
          .| ($0 .== SIMD16(repeating: UInt8(ascii: "#")))
      },
      single: { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "#") }
    )
  }

  /// The index of the first byte at or after `start` that is not allowed unescaped in a JSON
  /// string: a quote, a backslash or a control character; `count` when there is none.
  ///
  /// Source: RFC 8259 §7.
  @inline(always)
  func firstIndexOutsideJSONString(from start: Int) -> Int {
    firstIndex(
      in: start..<count,
      wide: {
        ($0 .< SIMD16(repeating: 0x20)) .| ($0 .== SIMD16(repeating: UInt8(ascii: "\"")))
          .| ($0 .== SIMD16(repeating: UInt8(ascii: "\\")))
      },
      single: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
    )
  }

  /// The index of the first byte in `range` that satisfies the predicate; the range's upper bound
  /// when there is none.
  ///
  /// Unsafe: the load is unchecked. `range` is checked once and the loop keeps `index + 16 <= count`,
  /// so a load may pass the range but not the span.
  ///
  /// - Parameters:
  ///   - range: the bytes to search; traps when it is outside the span.
  ///   - wide: the predicate for sixteen bytes at once.
  ///   - single: the same predicate for one byte.
  @inline(always)
  package func firstIndex(
    in range: Range<Int>,
    wide: (SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>>,
    single: (UInt8) -> Bool
  ) -> Int {
    let end = range.upperBound
    precondition(range.lowerBound >= 0 && end <= count)
    let bytes = unsafe self.bytes
    let hit = SIMD16<UInt8>(repeating: 0xFF)

    var index = range.lowerBound
    while index < end, index &+ 16 <= count {
      let chunk = unsafe bytes.unsafeLoadUnaligned(
        fromUncheckedByteOffset: index,
        as: SIMD16<UInt8>.self
      )
      let hits = SIMD16<UInt8>.zero.replacing(with: hit, where: wide(chunk))
      let halves = unsafe unsafeBitCast(hits, to: SIMD2<UInt64>.self)
      if halves.x != 0 { return min(end, index &+ halves.x.trailingZeroBitCount / 8) }
      if halves.y != 0 { return min(end, index &+ 8 &+ halves.y.trailingZeroBitCount / 8) }
      index &+= 16
    }
    while index < end {
      if single(self[index]) { return index }
      index &+= 1
    }
    return end
  }

  /// Whether the bytes of `range` equal `name`, ignoring the case of ASCII letters.
  ///
  /// - Parameters:
  ///   - range: a part of this span that contains only token characters (RFC 9110 §5.6.2).
  ///   - name: lower-case letters, digits and hyphens.
  @inline(always)
  func equals(_ name: StaticString, in range: Range<Int>) -> Bool {
    guard range.count == name.utf8CodeUnitCount else { return false }
    var index = 0
    while index < range.count {
      // A StaticString is immortal, and `index` is below its count.
      let expected = unsafe name.utf8Start[index]
      // Setting 0x20 maps letters to lower case and keeps digits and hyphens. No other token
      // character becomes a letter, a digit or a hyphen.
      if self[range.lowerBound &+ index] | 0x20 != expected { return false }
      index &+= 1
    }
    return true
  }
}
