#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// An open file from which a body is sent; closed with this object unless the table keeps it open.
///
/// Any number of threads may read it at the same time, because each read states its offset.
public final class BodyFile: Sendable {
  /// The descriptor, for system calls.
  ///
  /// Do not close it, and do not use or change its file offset.
  public let descriptor: Int32

  private let number: Int
  private let version: FileVersion?
  /// Whether the table owns the descriptor.
  private let isKept: Bool
  private let table: FileTable

  fileprivate init(_ number: Int, of table: FileTable) throws(FileError) {
    let (descriptor, isKept) = table.openFile(number)
    guard descriptor >= 0 else { throw table.error("open", number, -descriptor) }
    self.descriptor = descriptor
    self.isKept = isKept
    self.number = number
    self.table = table
    version = table.version(ofFile: number)
  }

  deinit {
    if !isKept { _ = Descriptor(owning: descriptor) }
  }

  /// The current length of the file in bytes: less than the response announced if the file was
  /// truncated; 0 when fstat(2) fails.
  package var byteCount: Int64 {
    let status = try? FileStatus.of(descriptor: descriptor)
    return status?.byteCount ?? 0
  }

  /// Whether the file still has the content that the responses of its table describe. fstat(2)
  ///
  /// Check it before each call of sendfile(2), and close the connection if it is false. `read`
  /// checks it itself.
  public var isCurrent: Bool { version?.isCurrent(descriptor) ?? true }

  /// Throws if `isCurrent` is false.
  ///
  /// - Throws: `FileError` with the code ESTALE.
  package func checkVersion() throws(FileError) {
    guard isCurrent else { throw table.error("read", number, ESTALE) }
  }

  /// Fills `target` with the bytes from `offset`; blocks until they have been read. pread(2)
  ///
  /// - Parameters:
  ///   - target: receives exactly `target.count` bytes.
  ///   - offset: bytes from the start of the file.
  /// - Throws: `FileError`; its code is ESTALE when the file has changed since the table was
  ///   built. The response cannot be completed then: close the connection.
  @unsafe public func read(
    into target: UnsafeMutableRawBufferPointer,
    at offset: Int64
  ) throws(FileError) {
    var count = 0
    while count < target.count {
      // The remaining buffer starts after the bytes read so far.
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: target[count...])
      let result = unsafe pread(descriptor, rest.baseAddress, rest.count, Int(offset) + count)
      if result < 0, errno == EINTR { continue }
      guard result > 0 else { throw table.error("read", number, result < 0 ? errno : ESTALE) }
      count += result
    }
    // Checked after reading: a write before or during the read has changed the times by now.
    try checkVersion()
  }
}

extension FileTable {
  /// Opens stored file `number`; blocks unless the table keeps it open.
  ///
  /// - Parameter number: the index in the body of a plan or a response.
  /// - Throws: `FileError`; its code is ESTALE when the file is no longer the version that the
  ///   table's responses describe. `open(_:to:)` answers with the file as it is now.
  package func openBody(_ number: Int) throws(FileError) -> BodyFile {
    try BodyFile(number, of: self)
  }

  fileprivate func error(_ operation: String, _ number: Int, _ code: Int32) -> FileError {
    // The name ends with a NUL in the arena.
    let name = BytePath(copy(storedFiles[number].name).dropLast())
    return FileError(operation: operation, path: name.description, code: code)
  }
}
