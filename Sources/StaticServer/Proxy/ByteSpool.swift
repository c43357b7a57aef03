internal import CLinux
internal import StaticAssets

/// Bytes that wait to be sent: the first in memory, and what is more in a file without a name.
///
/// They stay until `clear`, so that what was sent once can be sent again from its beginning.
///
/// Confined to the thread of its loop. The unsafe parts are the addresses of an array's bytes, which
/// go to one system call each.
@safe struct ByteSpool: ~Copyable {
  /// Bytes held, in memory and in the file.
  var count: Int64 { Int64(memory.count) + fileCount }
  /// Bytes held in memory.
  var memoryCount: Int { memory.count }
  /// Whether a file was needed since the last `clear`.
  var usesFile: Bool { fileCount > 0 }

  private var memory: [UInt8] = []
  /// The file's descriptor; below zero while there is none.
  private var file: Int32 = -1
  private var fileCount: Int64 = 0
  private let memoryBytesMax: Int

  /// An empty spool that keeps up to `memoryBytesMax` bytes in memory.
  init(memoryBytesMax: Int) {
    self.memoryBytesMax = memoryBytesMax
  }

  deinit {
    if file >= 0 { _ = clinux_close(file) }
  }

  /// Adds the bytes of `source`; a negative error number when the file cannot be made or written.
  ///
  /// - Parameter directory: where a file is made; nil keeps all in memory, whatever its limit,
  ///   unless there is a file already.
  mutating func append(_ source: UnsafeRawBufferPointer, fileIn directory: String?) -> Int {
    // What comes later stands behind what is in the file.
    if fileCount > 0 { return unsafe appendToFile(source) }
    let fits = memory.count + source.count <= memoryBytesMax
    guard !fits, let directory else {
      unsafe memory.append(contentsOf: source)
      return 0
    }
    if file < 0 {
      let number = unsafe clinux_temporary_file(directory)
      guard number >= 0 else { return number }
      file = Int32(number)
    }
    return unsafe appendToFile(source)
  }

  /// Forgets everything and gives the file's space back.
  mutating func clear() {
    memory.removeAll(keepingCapacity: memory.capacity <= memoryBytesMax)
    if fileCount > 0 {
      fileCount = 0
      // An error would only leave the space to the file's end.
      _ = clinux_empty_file(file)
    }
  }

  /// Gives up what is held, its file with it, to be read where it is; this is empty then.
  mutating func seal() -> SealedSpool {
    let sealed = SealedSpool(memory, file: file, count: count)
    memory = []
    file = -1
    fileCount = 0
    return sealed
  }

  /// Sends bytes from `offset` on to the socket `number`, with one call.
  ///
  /// - Parameter byteCountMax: of a file, the most that is sent.
  /// - Returns: how many the system took, or a negative error number.
  func send(to number: Int32, from offset: Int64, byteCountMax: Int = 1 << 20) -> Int {
    precondition(offset >= 0 && offset <= count)
    if offset < Int64(memory.count) {
      let start = Int(offset)
      let hasMore: Int32 = fileCount > 0 ? 1 : 0
      return unsafe memory.withUnsafeBytes { bytes in
        guard let first = bytes.baseAddress else { return 0 }
        return unsafe clinux_send(number, first + start, bytes.count - start, hasMore)
      }
    }
    guard offset < count else { return 0 }
    let place = offset - Int64(memory.count)
    return clinux_send_file(number, file, place, Int(min(fileCount - place, Int64(byteCountMax))))
  }

  /// Sends the bytes of `head` from `start` on, and what is in memory behind them, with one call.
  ///
  /// - Returns: how many the system took of both, or a negative error number.
  func send(to number: Int32, behind head: [UInt8], from start: Int) -> Int {
    precondition(start >= 0 && start < head.count)
    return unsafe head.withUnsafeBytes { head in
      unsafe memory.withUnsafeBytes { bytes in
        guard let first = head.baseAddress else { return 0 }
        let rest = head.count - start
        guard let second = bytes.baseAddress else {
          return unsafe clinux_send(number, first + start, rest, fileCount > 0 ? 1 : 0)
        }
        return unsafe clinux_send_two(number, first + start, rest, second, bytes.count)
      }
    }
  }

  private mutating func appendToFile(_ source: UnsafeRawBufferPointer) -> Int {
    var written = 0
    while written < source.count, let first = source.baseAddress {
      let rest = source.count - written
      let place = fileCount + Int64(written)
      let result = unsafe clinux_write_at(file, first + written, rest, place)
      guard result > 0 else { return result < 0 ? result : -1 }
      written += result
    }
    fileCount += Int64(written)
    return 0
  }
}
