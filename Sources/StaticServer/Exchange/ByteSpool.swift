internal import CLinux
internal import StaticAssets

/// Bytes to send: the first in memory, the next in a file, the last in memory until they are
/// written.
///
/// ```
/// | memory | written to the file | being written | tail |
/// |<------ can be sent -------->|
/// ```
///
/// Bytes are kept until `clear`, so they can be sent again from the start. A spool does not write
/// itself: `nextWrite` returns the next bytes to write, `noteWritten` takes the result. If a write
/// fails, the tail stays in memory and is sent from there.
///
/// Confined to the thread of its loop. The unsafe parts are addresses of array elements; each is
/// passed to one system call.
@safe struct ByteSpool: ~Copyable {
  private var memory: [UInt8] = []
  private var file: SpoolFile?
  private var writtenCount: Int64 = 0
  private var writingCount = 0
  private var tail: [UInt8] = []
  private let memoryBytesMax: Int

  /// Whether a file could not be created or written, or the budget is used up; no further writes.
  private(set) var hasFailed = false

  /// An empty spool with at most `memoryBytesMax` bytes in memory.
  init(memoryBytesMax: Int) {
    self.memoryBytesMax = memoryBytesMax
  }

  /// The number of bytes in the spool.
  var count: Int64 { Int64(memory.count + writingCount + tail.count) + writtenCount }
  /// The number of bytes that can be sent now.
  var sendableCount: Int64 {
    Int64(memory.count) + writtenCount + (hasFailed && writingCount == 0 ? Int64(tail.count) : 0)
  }
  /// The number of bytes that wait to be written or are being written.
  var unwrittenCount: Int { writingCount + tail.count }
  /// Whether a write is in progress.
  var isWriting: Bool { writingCount > 0 }

  /// Appends the bytes of `source`.
  ///
  /// - Parameter mayUseFile: whether bytes above the memory limit may go to a file. If false, they
  ///   stay in memory beyond the limit, unless the spool has a file already.
  mutating func append(_ source: UnsafeRawBufferPointer, mayUseFile: Bool) {
    let isSpilled = writtenCount > 0 || writingCount > 0 || !tail.isEmpty
    let fits = memory.count + source.count <= memoryBytesMax
    if isSpilled || (mayUseFile && !fits) {
      unsafe tail.append(contentsOf: source)
    } else {
      unsafe memory.append(contentsOf: source)
    }
  }

  /// The next bytes to write and their offset; nil while a write is in progress or if there are
  /// none.
  ///
  /// - Parameter makeFile: creates the file if the spool has none.
  mutating func nextWrite(
    _ makeFile: () -> SpoolFile
  ) -> (file: SpoolFile, offset: Int64, bytes: [UInt8])? {
    guard writingCount == 0, !tail.isEmpty, !hasFailed else { return nil }
    let file = file ?? makeFile()
    self.file = file
    guard file.reserve(tail.count) else {
      hasFailed = true
      return nil
    }
    let bytes = tail
    writingCount = bytes.count
    tail = []
    return (file, writtenCount, bytes)
  }

  /// Records the result of the write that `nextWrite` returned.
  mutating func noteWritten(_ result: SpoolWrite.Result) {
    // The result of a file that `clear` has released is ignored.
    guard writingCount > 0, result.file === file else { return }
    if result.code == 0 {
      writtenCount += Int64(writingCount)
    } else {
      hasFailed = true
      tail = result.bytes + tail
    }
    writingCount = 0
  }

  /// Removes all bytes and releases the file.
  mutating func clear() {
    memory.removeAll(keepingCapacity: memory.capacity <= memoryBytesMax)
    tail = []
    file = nil
    writtenCount = 0
    writingCount = 0
    hasFailed = false
  }

  /// Moves the bytes and the file to a `SealedSpool`; this spool is empty afterwards.
  ///
  /// No write may be pending.
  mutating func seal() -> SealedSpool {
    precondition(unwrittenCount == 0)
    let sealed = SealedSpool(memory, file: file, count: count)
    memory = []
    clear()
    return sealed
  }
}

/// Sending.
extension ByteSpool {
  /// Sends bytes from `offset` on to the socket `fd`, with one call.
  ///
  /// - Parameter byteCountMax: the limit of bytes sent from the file.
  /// - Returns: the bytes that the kernel accepted, or a negative error number; 0 if none can be
  ///   sent now.
  func send(to fd: Int32, from offset: Int64, byteCountMax: Int = 1 << 20) -> Int {
    precondition(offset >= 0 && offset <= count)
    guard offset < sendableCount else { return 0 }
    if offset < Int64(memory.count) {
      return Self.send(memory, from: Int(offset), to: fd, hasMore: sendableCount > memory.count)
    }
    let place = offset - Int64(memory.count)
    guard place < writtenCount else {
      return Self.send(tail, from: Int(place - writtenCount), to: fd, hasMore: false)
    }
    guard let file else { return 0 }
    return clinux_send_file(fd, file.fd, place, Int(min(writtenCount - place, Int64(byteCountMax))))
  }

  private static func send(
    _ bytes: [UInt8],
    from start: Int,
    to fd: Int32,
    hasMore: Bool
  ) -> Int {
    unsafe bytes.withUnsafeBytes { bytes in
      guard let first = bytes.baseAddress else { return 0 }
      return unsafe clinux_send(fd, first + start, bytes.count - start, hasMore ? 1 : 0)
    }
  }

  /// Sends `head` from index `start` on and the bytes in memory behind it, with one call.
  ///
  /// - Returns: the bytes of both that the kernel accepted, or a negative error number.
  func send(to fd: Int32, behind head: [UInt8], from start: Int) -> Int {
    precondition(start >= 0 && start < head.count)
    return unsafe head.withUnsafeBytes { head in
      unsafe memory.withUnsafeBytes { bytes in
        guard let first = head.baseAddress else { return 0 }
        let rest = head.count - start
        guard let second = bytes.baseAddress else {
          return unsafe clinux_send(fd, first + start, rest, writtenCount > 0 ? 1 : 0)
        }
        return unsafe clinux_send_two(fd, first + start, rest, second, bytes.count)
      }
    }
  }
}
