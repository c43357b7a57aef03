extension ByteBuffer {
  /// Appends the chunk-size line of a chunk of `chunkSize` bytes, at most 18 bytes; it must fit
  /// `room`.
  mutating func append(chunkSize: Int) {
    precondition(chunkSize > 0)
    var shift = (Int.bitWidth - 1 - chunkSize.leadingZeroBitCount) / 4 * 4
    while shift >= 0 {
      append(hexDigit: UInt8(chunkSize >> shift & 15))
      shift -= 4
    }
    append("\r\n")
  }
}
