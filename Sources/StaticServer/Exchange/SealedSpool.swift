internal import CLinux

/// The final bytes of a spool, which any thread may read.
///
/// The unsafe part is the uninitialised memory of a new array; its count is set to the bytes that
/// were read.
@safe final class SealedSpool: Sendable {
  /// The number of bytes, in memory and in the file.
  let count: Int64

  private let memory: [UInt8]
  /// The bytes behind `memory`; nil if there are none.
  private let file: SpoolFile?

  /// The bytes of `memory`, then those of `file`; `count` is their sum.
  init(_ memory: [UInt8], file: SpoolFile?, count: Int64) {
    self.memory = memory
    self.file = file
    self.count = count
  }

  /// Reads from `offset` on, up to `byteCountMax` bytes or to the end. pread(2)
  ///
  /// Blocks while the kernel reads from disk.
  func read(at offset: Int64, byteCountMax: Int) throws(HandlerContent.ReadError) -> [UInt8] {
    precondition(offset >= 0 && offset <= count && byteCountMax >= 0)
    let end = min(count, offset + Int64(byteCountMax))
    let memoryCount = Int64(memory.count)
    var bytes: [UInt8] = []
    if offset < memoryCount { bytes += memory[Int(offset)..<Int(min(end, memoryCount))] }
    guard end > memoryCount else { return bytes }
    let start = max(offset, memoryCount)
    bytes += try readFile(at: start - memoryCount, byteCount: Int(end - start))
    return bytes
  }

  private func readFile(
    at offset: Int64,
    byteCount: Int
  ) throws(HandlerContent.ReadError) -> [UInt8] {
    var code: Int32 = 0
    let fd = file?.fd ?? -1
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      while count < byteCount, let start = buffer.baseAddress {
        let place = offset + Int64(count)
        let result = unsafe clinux_read_at(fd, start + count, byteCount - count, place)
        guard result > 0 else {
          code = Int32(-result)
          return
        }
        count += result
      }
    }
    guard bytes.count == byteCount else { throw .file(code: code) }
    return bytes
  }
}
