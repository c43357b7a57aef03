/// The parts of a zstd frame header that determine the memory of a decoder.
///
/// Source: RFC 8878 §3.1.1 (frames), RFC 9659 §3 (at most 8 MiB for `Content-Encoding`).
package enum ZstandardFrame {
  /// The largest frame header in bytes: magic number, descriptor, window, dictionary, content size.
  package static let headByteCountMax = 18

  private static let windowByteCountMax: UInt64 = 8 << 20

  /// Whether a file that starts with `head` needs no dictionary and a window of at most 8 MiB.
  ///
  /// Only the first frame is checked; compressors write one frame.
  package static func isUsableAsContentCoding(_ head: [UInt8]) -> Bool {
    guard head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]), head.count > 5 else { return false }
    let descriptor = head[4]
    let hasReservedBit = descriptor & 0x08 != 0
    let dictionaryByteCount = [0, 1, 2, 4][Int(descriptor & 3)]
    let isSingleSegment = descriptor & 0x20 != 0
    let window = isSingleSegment ? nil : windowByteCount(head[5])
    let dictionaryStart = isSingleSegment ? 5 : 6
    let sizeStart = dictionaryStart + dictionaryByteCount
    guard !hasReservedBit, head.count >= sizeStart,
      head[dictionaryStart..<sizeStart].allSatisfy({ $0 == 0 })
    else { return false }
    // A single segment needs a window of the size of its content.
    guard let size = window ?? contentByteCount(head, sizeStart, descriptor) else { return false }
    return size <= windowByteCountMax
  }

  /// The window size in bytes (§3.1.1.1.2).
  private static func windowByteCount(_ byte: UInt8) -> UInt64 {
    let base = UInt64(1) << (10 + UInt64(byte >> 3))
    return base + base / 8 * UInt64(byte & 7)
  }

  /// The content size in bytes (§3.1.1.1.4); nil when the file ends before it.
  private static func contentByteCount(
    _ head: [UInt8],
    _ start: Int,
    _ descriptor: UInt8
  ) -> UInt64? {
    let byteCount = [1, 2, 4, 8][Int(descriptor >> 6)]
    guard head.count >= start + byteCount else { return nil }
    let value = head[start..<start + byteCount].reversed().reduce(UInt64(0)) {
      $0 << 8 | UInt64($1)
    }
    return byteCount == 2 ? value + 256 : value
  }
}
