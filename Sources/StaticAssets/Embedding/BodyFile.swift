internal import Glibc

/// A file that a body is sent from, open as long as this lives.
///
/// Any number of threads may read it at the same time: every read says where.
public final class BodyFile: Sendable {
  /// The descriptor, for handing to the system; not to be closed, and its offset not to be used.
  public let descriptor: Int32

  private let number: Int
  /// Whether the descriptor is the table's and stays open.
  private let isKept: Bool
  private let table: FileTable

  fileprivate init(_ number: Int, of table: FileTable) throws(FileError) {
    let (descriptor, isKept) = table.openFile(number)
    guard descriptor >= 0 else { throw table.error("open", number, -descriptor) }
    self.descriptor = descriptor
    self.isKept = isKept
    self.number = number
    self.table = table
  }

  deinit {
    if !isKept { _ = Descriptor(owning: descriptor) }
  }

  /// The length of the file now: less than the response announced when it was truncated, 0 when
  /// the system does not tell. fstat(2)
  public var byteCount: Int64 {
    let status = try? FileStatus.of(descriptor: descriptor)
    return status?.byteCount ?? 0
  }

  /// Fills `target` with the bytes from `offset`; blocks until the disk has given them. pread(2)
  ///
  /// - Throws: when the system refuses, and ESTALE when the file has become shorter than it was:
  ///   the response cannot be finished then, and its connection has to be closed.
  @unsafe public func read(
    into target: UnsafeMutableRawBufferPointer,
    at offset: Int64
  ) throws(FileError) {
    var count = 0
    while count < target.count {
      // What is left of the buffer begins after what has been read.
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: target[count...])
      let result = unsafe pread(descriptor, rest.baseAddress, rest.count, Int(offset) + count)
      if result < 0, errno == EINTR { continue }
      guard result > 0 else { throw table.error("read", number, result < 0 ? errno : ESTALE) }
      count += result
    }
  }
}

extension FileTable {
  /// The table's file number `number` if it is kept open; nil when it has to be opened, which
  /// waits for the disk.
  public func keptBody(_ number: Int) -> BodyFile? {
    storedFiles[number].descriptor < 0 ? nil : try? openBody(number)
  }

  /// Opens the table's file number `number`, which a plan's or a response's body names; blocks
  /// unless it is kept open.
  ///
  /// - Throws: when it cannot be opened, and ESTALE when it is no longer the file that the table's
  ///   responses announce: the answer is 500 then.
  public func openBody(_ number: Int) throws(FileError) -> BodyFile {
    try BodyFile(number, of: self)
  }

  fileprivate func error(_ operation: String, _ number: Int, _ code: Int32) -> FileError {
    // The name has its NUL in the arena.
    let name = FilePath(copy(storedFiles[number].name).dropLast())
    return FileError(operation: operation, path: name.description, code: code)
  }
}
