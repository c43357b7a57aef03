internal import StaticAssets

/// The format of a line between a loop and the writer: the time by which it is sorted, the number
/// of its bytes, and its bytes.
///
/// ```
/// | nanoseconds (8 bytes) | byte count (4 bytes) | the line with its line end |
/// ```
enum LogRecord {
  /// Bytes before the line.
  static let headByteCount = 12
}

extension ByteBuffer {
  /// Begins a record of the time `nanoseconds`; returns its position.
  mutating func beginRecord(at nanoseconds: Int64) -> Int {
    precondition(room >= LogRecord.headByteCount)
    let start = count
    unsafe self.start.storeBytes(of: nanoseconds, toByteOffset: count, as: Int64.self)
    take(LogRecord.headByteCount)
    return start
  }

  /// Ends the record that begins at `position`.
  mutating func endRecord(_ position: Int) {
    let byteCount = count &- position &- LogRecord.headByteCount
    precondition(position >= 0 && byteCount >= 0)
    unsafe start.storeBytes(
      of: Int32(truncatingIfNeeded: byteCount),
      toByteOffset: position &+ 8,
      as: Int32.self
    )
  }

  /// Appends `line` as a record of the time `nanoseconds`.
  mutating func appendRecord(_ line: [UInt8], at nanoseconds: Int64) {
    let start = beginRecord(at: nanoseconds)
    append(line)
    endRecord(start)
  }
}
