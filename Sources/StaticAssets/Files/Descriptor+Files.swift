#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// File operations on descriptors. Pointers passed to system calls are valid during the call only.
extension Descriptor {
  /// Opens `path`. openat(2)
  ///
  /// - Parameters:
  ///   - path: the file; relative paths are below `directory`.
  ///   - directory: the descriptor of a directory; nil is the working directory.
  ///   - flags: the flags of openat(2), in addition to `O_CLOEXEC`.
  ///   - mode: the permission bits of a new file.
  /// - Throws: `FileError` with the operation `open`.
  package static func open(
    _ path: BytePath,
    in directory: Int32? = nil,
    flags: Int32,
    mode: UInt32 = 0o600
  ) throws(FileError) -> Descriptor {
    let number = unsafe path.withCString { name in
      retrying { unsafe openat(directory ?? AT_FDCWD, name, flags | O_CLOEXEC, mode) }
    }
    guard number >= 0 else {
      throw FileError(operation: "open", path: path.description, code: errno)
    }
    return Descriptor(owning: number)
  }

  /// Opens the file `name` below `directory` for reading.
  ///
  /// Links are followed, but the file must be inside the directory.
  ///
  /// The location is checked after opening, so replacing a link meanwhile has no effect.
  ///
  /// - Throws: `FileError`; its code is EXDEV when the file is outside the directory.
  package static func open(
    _ name: BytePath,
    below directory: BytePath
  ) throws(FileError) -> Descriptor {
    let path = directory.appending(name)
    let file = try open(path, flags: FileFlags.read)
    guard let root = directory.resolved, let resolvedPath = file.resolvedPath,
      resolvedPath.isInside(root)
    else {
      throw FileError(operation: "open", path: path.description, code: EXDEV)
    }
    return file
  }

  /// The path of the open file without symbolic links; nil when the system does not provide it.
  private var resolvedPath: BytePath? {
    let path = unsafe [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
      let result = unsafe buffer.withMemoryRebound(to: CChar.self) { target in
        unsafe Platform.path(of: number, into: target)
      }
      count = max(0, result)
    }
    // A result that fills the buffer may be truncated.
    return path.isEmpty || path.count == Int(PATH_MAX) ? nil : BytePath(path)
  }

  /// The file's status. fstat(2)
  ///
  /// - Parameter path: the file's path, for errors.
  package func status(of path: BytePath) throws(FileError) -> FileStatus {
    do throws(ErrorNumber) {
      return try FileStatus.of(descriptor: number)
    } catch {
      throw FileError(operation: "read", path: path.description, code: error.code)
    }
  }

  /// Reads from the current position until `buffer` is full or the file ends. read(2)
  ///
  /// - Parameters:
  ///   - buffer: receives the bytes.
  ///   - path: the file's path, for errors.
  ///   - end: the expected number of bytes; reading stops there, without a further call that
  ///     returns 0.
  /// - Returns: the number of bytes read.
  package func read(
    into buffer: UnsafeMutableRawBufferPointer,
    path: BytePath,
    end: Int? = nil
  ) throws(FileError) -> Int {
    var count = 0
    while count < buffer.count, count != end {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
      let result = retrying { unsafe Glibc.read(number, rest.baseAddress, rest.count) }
      guard result >= 0 else {
        throw FileError(operation: "read", path: path.description, code: errno)
      }
      guard result > 0 else { break }
      count += result
    }
    return count
  }

  /// Reads all bytes from the current position to the end.
  ///
  /// - Parameter expected: the expected size in bytes; nil calls fstat(2).
  package func readAll(path: BytePath, expected: Int? = nil) throws(FileError) -> [UInt8] {
    var size = expected ?? 0
    if expected == nil { size = Int(try status(of: path).byteCount) }
    // One byte more than the size: a read that returns exactly the size has reached the end.
    var capacity = max(0, size) + 1
    var bytes: [UInt8] = []
    while true {
      let end = bytes.isEmpty && size > 0 ? size : nil
      let chunk = try chunk(byteCountMax: capacity, path: path, end: end)
      if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
      guard chunk.count == capacity else { return bytes }
      capacity = 65536
    }
  }

  /// Reads at most `byteCountMax` bytes from the current position.
  package func readStart(_ byteCountMax: Int, path: BytePath) throws(FileError) -> [UInt8] {
    try chunk(byteCountMax: byteCountMax, path: path)
  }

  /// Reads the next bytes; fewer than `byteCountMax` only at the end of the file.
  private func chunk(
    byteCountMax: Int,
    path: BytePath,
    end: Int? = nil
  ) throws(FileError) -> [UInt8] {
    var failure: FileError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCountMax) { buffer, count in
      do throws(FileError) {
        unsafe count = try read(
          into: UnsafeMutableRawBufferPointer(buffer),
          path: path,
          end: end
        )
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Reads to the end in chunks of at most 1 MiB, so that memory does not limit the file's size.
  package func forEachChunk(
    path: BytePath,
    _ body: ([UInt8]) throws(FileError) -> Void
  ) throws(FileError) {
    let capacity = 1 << 20
    while true {
      let chunk = try chunk(byteCountMax: capacity, path: path)
      if !chunk.isEmpty { try body(chunk) }
      guard chunk.count == capacity else { return }
    }
  }
}

/// Repeats `call` while it fails with EINTR.
@discardableResult
package func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result == -1, errno == EINTR { continue }
    return result
  }
}
