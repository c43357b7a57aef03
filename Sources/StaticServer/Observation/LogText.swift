internal import Glibc
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
  mutating func append(_ bytes: Span<UInt8>, _ slice: ByteSlice, escaping: LogEscaping) {
    for index in slice.range {
      let byte = bytes[index]
      if byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        append(byte)
      } else {
        append(escaping == .json ? "\\u00" : "\\x")
        append(hexDigit: byte >> 4)
        append(hexDigit: byte & 15)
      }
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
    for index in text.indices { append(text[index]) }
  }

  /// Appends the 16 hexadecimal digits of `value`.
  mutating func append(identifier value: UInt64) {
    for index in 0..<16 {
      append(hexDigit: UInt8(truncatingIfNeeded: value >> UInt64(60 &- 4 &* index)) & 15)
    }
  }

  @inline(always)
  mutating func append(hexDigit value: UInt8) {
    append(value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &+ value &- 10)
  }
}

/// The time of a log line in both formats, formatted once per second.
struct LogTime {
  /// RFC 3339: `2026-11-21T05:01:16Z`.
  private(set) var iso8601 = InlineArray<20, UInt8>(repeating: 0)
  /// Common Log Format: `21/Nov/2026:05:01:16 +0000`.
  private(set) var commonLog = InlineArray<26, UInt8>(repeating: 0)
  private var seconds = Int64.min

  /// Sets the time to `seconds` since 1970.
  @inline(always)
  mutating func update(_ seconds: Int64) {
    if seconds != self.seconds { rewrite(seconds) }
  }

  @inline(never)
  private mutating func rewrite(_ seconds: Int64) {
    self.seconds = seconds
    // `Sun, 06 Nov 1994 08:49:37 GMT` contains all parts of both formats.
    let date = HTTPDate.format(seconds)
    func part(_ range: Range<Int>) -> [UInt8] { range.map { date[$0] } }
    let month = (0..<12).first { Self.months[$0] == part(8..<11) } ?? 0
    let number = [
      UInt8(ascii: "0") + UInt8((month + 1) / 10), UInt8(ascii: "0") + UInt8((month + 1) % 10),
    ]
    let day = part(5..<7)
    let year = part(12..<16)
    let clock = part(17..<25)
    let iso =
      year + Array("-".utf8) + number + Array("-".utf8) + day + Array("T".utf8) + clock
      + Array("Z".utf8)
    let common =
      day + Array("/".utf8) + part(8..<11) + Array("/".utf8) + year + Array(":".utf8) + clock
    for (index, byte) in iso.enumerated() { iso8601[index] = byte }
    for (index, byte) in (common + Array(" +0000".utf8)).enumerated() { commonLog[index] = byte }
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ].map { Array($0.utf8) }
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
