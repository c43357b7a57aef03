internal import CLinux
internal import StaticAssets

/// Bytes that wait to be sent: the first in memory, what is more in a file, and behind that what is not
/// written yet.
///
/// ```
/// | memory | written to the file | being written | tail |
/// |<------ can be sent -------->|
/// ```
///
/// They stay until `clear`, so that what was sent once can be sent again from its beginning. A spool
/// never writes: `nextWrite` hands out what is to be written, `noteWritten` takes the result. When
/// writing has failed, the tail is kept in memory for good and can be sent from there.
///
/// Confined to the thread of its loop. The unsafe parts are the addresses of an array's bytes, which
/// go to one system call each.
@safe struct ByteSpool: ~Copyable {
  private var memory: [UInt8] = []
  private var file: SpoolFile?
  private var writtenCount: Int64 = 0
  private var writingCount = 0
  private var tail: [UInt8] = []
  private let memoryBytesMax: Int

  /// Whether a file could not be made or written, or the budget is used up: nothing is written any
  /// more.
  private(set) var hasFailed = false

  /// An empty spool that keeps up to `memoryBytesMax` bytes in memory.
  init(memoryBytesMax: Int) {
    self.memoryBytesMax = memoryBytesMax
  }

  /// Bytes held.
  var count: Int64 { Int64(memory.count + writingCount + tail.count) + writtenCount }
  /// Bytes that can be sent now.
  var sendableCount: Int64 {
    Int64(memory.count) + writtenCount + (hasFailed && writingCount == 0 ? Int64(tail.count) : 0)
  }
  /// Bytes that are to be written, or are being written.
  var unwrittenCount: Int { writingCount + tail.count }
  /// Whether something is being written.
  var isWriting: Bool { writingCount > 0 }

  /// Adds the bytes of `source`.
  ///
  /// - Parameter mayUseFile: whether what does not fit in memory may be written to a file; else all
  ///   stays in memory, whatever its limit, unless there is a file already.
  mutating func append(_ source: UnsafeRawBufferPointer, mayUseFile: Bool) {
    let isSpilled = writtenCount > 0 || writingCount > 0 || !tail.isEmpty
    let fits = memory.count + source.count <= memoryBytesMax
    if isSpilled || (mayUseFile && !fits) {
      unsafe tail.append(contentsOf: source)
    } else {
      unsafe memory.append(contentsOf: source)
    }
  }

  /// What is to be written next, and where: nil while something is being written or nothing is to be.
  ///
  /// - Parameter makeFile: makes the file, when there is none.
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

  /// Takes note that what `nextWrite` has handed out is written, or is not.
  mutating func noteWritten(_ result: SpoolWrite.Result) {
    // A result of a file that `clear` has given up is of no interest.
    guard writingCount > 0, result.file === file else { return }
    if result.code == 0 {
      writtenCount += Int64(writingCount)
    } else {
      hasFailed = true
      tail = result.bytes + tail
    }
    writingCount = 0
  }

  /// Forgets everything, and gives the file up.
  mutating func clear() {
    memory.removeAll(keepingCapacity: memory.capacity <= memoryBytesMax)
    tail = []
    file = nil
    writtenCount = 0
    writingCount = 0
    hasFailed = false
  }

  /// Gives up what is held, its file with it, to be read where it is; this is empty then. Everything
  /// must be written.
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
  /// - Parameter byteCountMax: of a file, the most that is sent.
  /// - Returns: how many the system took, or a negative error number; 0 when none can be sent now.
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

  /// Sends the bytes of `head` from `start` on, and what is in memory behind them, with one call.
  ///
  /// - Returns: how many the system took of both, or a negative error number.
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
