internal import StaticAssets

/// The escaping of bytes that a client chose.
enum LogEscaping {
  /// A JSON string (RFC 8259 §7). Bytes above 0x7F may be invalid UTF-8, so they are written as ISO
  /// 8859-1 characters.
  case json
  /// `\xHH` for every byte that is not printable ASCII, as nginx does.
  case combined
}

extension ByteBuffer {
  /// Appends the bytes of `slice` in `bytes`; `room` must be six times its length.
  ///
  /// Runs of bytes that need no escaping are copied at once.
  mutating func append(_ bytes: Span<UInt8>, _ slice: ByteSlice, escaping: LogEscaping) {
    let range = slice.range
    var position = range.lowerBound
    while position < range.upperBound {
      let end = bytes.firstIndexToEscape(in: position..<range.upperBound)
      if end > position {
        append(bytes, ByteSlice(offset: position, count: end &- position))
      }
      guard end < range.upperBound else { return }
      append(escaping == .json ? "\\u00" : "\\x")
      append(hexByte: bytes[end])
      position = end &+ 1
    }
  }

  /// Appends a field of the Combined Log Format; `-` if the field is absent.
  mutating func append(_ bytes: Span<UInt8>, orDash slice: ByteSlice) {
    if slice.isEmpty {
      append("-")
    } else {
      append(bytes, slice, escaping: .combined)
    }
  }

  /// Appends the characters of `text`.
  mutating func append<let count: Int>(_ text: InlineArray<count, UInt8>) {
    unsafe text.span.withUnsafeBytes { bytes in
      guard let first = bytes.baseAddress else { return }
      unsafe append(first, bytes.count)
    }
  }

  /// Appends `nanoseconds`, not negative, in milliseconds with three decimals.
  mutating func append(milliseconds nanoseconds: Int64) {
    let (whole, rest) = (nanoseconds / 1000).quotientAndRemainder(dividingBy: 1000)
    append(decimal: whole)
    append(UInt8(ascii: "."))
    append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest / 100))
    append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest / 10 % 10))
    append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10))
  }

  /// Appends the 16 hexadecimal digits of `value`.
  mutating func append(identifier value: UInt64) {
    append(hexadecimal: UInt32(truncatingIfNeeded: value >> 32))
    append(hexadecimal: UInt32(truncatingIfNeeded: value))
  }

  /// Appends the eight hexadecimal digits of `value`, computed side by side in one word.
  private mutating func append(hexadecimal value: UInt32) {
    precondition(room >= 8)
    var digits = UInt64(value)
    digits = (digits | digits << 16) & 0x0000_FFFF_0000_FFFF
    digits = (digits | digits << 8) & 0x00FF_00FF_00FF_00FF
    digits = (digits | digits << 4) & 0x0F0F_0F0F_0F0F_0F0F
    // 1 in each byte whose digit is a letter: 10 and 6 are 16.
    let letters = (digits &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    let text = digits &+ 0x3030_3030_3030_3030 &+ letters &* 39
    unsafe start.storeBytes(of: text.bigEndian, toByteOffset: count, as: UInt64.self)
    take(8)
  }

  /// Appends the two hexadecimal digits of `byte`.
  @inline(always)
  mutating func append(hexByte byte: UInt8) {
    append(hexDigit: byte >> 4)
    append(hexDigit: byte & 15)
  }

  @inline(always)
  mutating func append(hexDigit value: UInt8) {
    append(value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &+ value &- 10)
  }
}

extension Span<UInt8> {
  /// The index of the first byte in `range` that is not printable ASCII, or a quote or backslash;
  /// the range's upper bound when there is none.
  @inline(always)
  fileprivate func firstIndexToEscape(in range: Range<Int>) -> Int {
    firstIndex(
      in: range,
      wide: {
        ($0 .< SIMD16(repeating: 0x20)) .| ($0 .>= SIMD16(repeating: 0x7F))
          .| ($0 .== SIMD16(repeating: UInt8(ascii: "\"")))
          .| ($0 .== SIMD16(repeating: UInt8(ascii: "\\")))
      },
      single: {
        $0 < 0x20 || $0 >= 0x7F || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\")
      }
    )
  }
}

/// Pseudo-random request numbers: a random start value, incremented and mixed.
struct LogIdentifiers {
  private var state = UInt64.random(in: .min ... .max)

  /// The next number.
  ///
  /// Source: the finaliser of SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
