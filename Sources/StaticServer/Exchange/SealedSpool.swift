internal import CLinux

/// What a spool held, to which nothing is added any more: any thread may read it.
///
/// The unsafe part is the uninitialized part of an array, which is told how much of it
/// was read.
@safe final class SealedSpool: Sendable {
  /// Bytes held, in memory and in the file.
  let count: Int64

  private let memory: [UInt8]
  /// What stands behind `memory`; nil when that is all.
  private let file: SpoolFile?

  /// `memory` and then the content of `file`, `count` bytes together.
  init(_ memory: [UInt8], file: SpoolFile?, count: Int64) {
    self.memory = memory
    self.file = file
    self.count = count
  }

  /// The bytes from `offset` on, as many as there are up to `byteCountMax`; blocks while the system
  /// reads what it no longer has in memory.
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
