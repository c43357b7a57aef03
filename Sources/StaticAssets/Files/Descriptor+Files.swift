package import Glibc

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
    _ path: FilePath,
    in directory: Int32? = nil,
    flags: Int32,
    mode: mode_t = 0o600
  ) throws(FileError) -> Descriptor {
    let number = unsafe path.withCString { name in
      retrying { unsafe openat(directory ?? AT_FDCWD, name, flags | O_CLOEXEC, mode) }
    }
    guard number >= 0 else {
      throw FileError(operation: "open", path: path.description, code: errno)
    }
    return Descriptor(owning: number)
  }

  /// Opens the file `name` below `directory` for reading. Links are followed, but the file must be
  /// inside the directory.
  ///
  /// The location is checked after opening, so replacing a link meanwhile has no effect.
  ///
  /// - Throws: `FileError`; its code is EXDEV when the file is outside the directory.
  package static func open(
    _ name: FilePath,
    below directory: FilePath
  ) throws(FileError) -> Descriptor {
    let path = directory.appending(name)
    let file = try open(path, flags: FileFlags.read)
    guard let root = directory.resolved, let place = file.place, place.isInside(root) else {
      throw FileError(operation: "open", path: path.description, code: EXDEV)
    }
    return file
  }

  /// The path of the open file without links; nil when /proc does not provide it. readlink(2)
  private var place: FilePath? {
    let path = unsafe [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
      let result = unsafe buffer.withMemoryRebound(to: CChar.self) { target in
        guard let start = target.baseAddress else { return 0 }
        return unsafe readlink("/proc/self/fd/\(number)", start, target.count)
      }
      count = max(0, result)
    }
    // A result that fills the buffer may be truncated.
    return path.isEmpty || path.count == Int(PATH_MAX) ? nil : FilePath(path)
  }

  /// The file's status. fstat(2)
  ///
  /// - Parameter path: the file's path, for errors.
  package func status(of path: FilePath) throws(FileError) -> FileStatus {
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
  /// - Returns: the number of bytes read.
  package func read(
    into buffer: UnsafeMutableRawBufferPointer,
    path: FilePath
  ) throws(FileError) -> Int {
    var count = 0
    while count < buffer.count {
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
  package func readAll(path: FilePath) throws(FileError) -> [UInt8] {
    // One byte more than the size: a short read then shows the end without a further call.
    var capacity = max(0, Int(try status(of: path).byteCount)) + 1
    var bytes: [UInt8] = []
    while true {
      let chunk = try chunk(byteCountMax: capacity, path: path)
      if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
      guard chunk.count == capacity else { return bytes }
      capacity = 65536
    }
  }

  /// Reads at most `byteCountMax` bytes from the current position.
  package func readStart(_ byteCountMax: Int, path: FilePath) throws(FileError) -> [UInt8] {
    try chunk(byteCountMax: byteCountMax, path: path)
  }

  /// Reads the next bytes; fewer than `byteCountMax` only at the end of the file.
  private func chunk(byteCountMax: Int, path: FilePath) throws(FileError) -> [UInt8] {
    var failure: FileError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCountMax) { buffer, count in
      do throws(FileError) {
        unsafe count = try read(into: UnsafeMutableRawBufferPointer(buffer), path: path)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Reads to the end in pieces of at most 1 MiB, so that memory does not limit the file's size.
  package func forEachChunk(
    path: FilePath,
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

/// The result of stat(2).
package struct FileStatus: Equatable, Sendable {
  package let isRegular: Bool
  package let isDirectory: Bool
  package let isLink: Bool
  package let isSocket: Bool
  package let byteCount: Int64
  /// The last change of the content (mtime).
  let modifiedTime: FileTime
  /// The last change of the content, a name or the status (ctime).
  let changedTime: FileTime
  /// Device and inode number.
  package let identity: FileIdentity
  /// The permission bits.
  package let mode: mode_t
  /// Bytes allocated on the disk.
  package let storedByteCount: Int64

  package init(_ status: stat) {
    isRegular = status.st_mode & S_IFMT == S_IFREG
    isDirectory = status.st_mode & S_IFMT == S_IFDIR
    isLink = status.st_mode & S_IFMT == S_IFLNK
    isSocket = status.st_mode & S_IFMT == S_IFSOCK
    byteCount = Int64(status.st_size)
    modifiedTime = FileTime(status.st_mtim)
    changedTime = FileTime(status.st_ctim)
    identity = FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    mode = status.st_mode & 0o7777
    storedByteCount = Int64(status.st_blocks) * 512
  }

  /// Seconds since 1970 of the last change of the content (mtime).
  package var modified: Int64 { modifiedTime.seconds }

  /// Nanoseconds since 1970 of the last change of the content (mtime); programs can set it.
  package var modifiedNanoseconds: Int64 { modifiedTime.total }

  /// Nanoseconds since 1970 of the last change of content, name or status (ctime), set by the
  /// kernel.
  package var changedNanoseconds: Int64 { changedTime.total }

  /// The status of `path`; links are followed unless `followsLinks` is false. fstatat(2)
  package static func of(
    _ path: FilePath,
    in directory: Int32? = nil,
    followsLinks: Bool = true
  ) throws(FileError) -> FileStatus {
    var status = stat()
    let flags = followsLinks ? 0 : AT_SYMLINK_NOFOLLOW
    let result = unsafe path.withCString { name in
      unsafe fstatat(directory ?? AT_FDCWD, name, &status, flags)
    }
    guard result == 0 else {
      throw FileError(operation: "read", path: path.description, code: errno)
    }
    return FileStatus(status)
  }

  /// The status of an open file. fstat(2)
  static func of(descriptor: Int32) throws(ErrorNumber) -> FileStatus {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw ErrorNumber(code: errno) }
    return FileStatus(status)
  }

  /// The status of the file `name` in `names`; links are followed. fstatat(2)
  static func of(
    _ name: ByteSlice,
    among names: NameBuffer,
    in directory: Int32
  ) throws(ErrorNumber) -> FileStatus {
    var status = stat()
    let result = unsafe names.withCString(name) { unsafe fstatat(directory, $0, &status, 0) }
    guard result == 0 else { throw ErrorNumber(code: errno) }
    return FileStatus(status)
  }
}

/// A file time.
struct FileTime: Equatable, Sendable {
  /// Seconds since 1970.
  let seconds: Int64
  let nanoseconds: Int32

  init(_ time: timespec) {
    seconds = Int64(time.tv_sec)
    nanoseconds = Int32(time.tv_nsec)
  }

  /// Nanoseconds since 1970; wraps around for times beyond the range, as totals are only compared.
  var total: Int64 { seconds &* 1_000_000_000 &+ Int64(nanoseconds) }
}

/// Device and inode number: equal if and only if two names refer to the same file.
package struct FileIdentity: Hashable, Sendable, BitwiseCopyable {
  package let device: UInt64
  package let inode: UInt64

  package init(device: UInt64, inode: UInt64) {
    self.device = device
    self.inode = inode
  }
}

extension FilePath {
  /// Calls `body` with the path as a C string; valid during the call.
  package func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    precondition(!bytes.contains(0), "a path must not contain NUL")
    var terminated = bytes.map { CChar(bitPattern: $0) }
    terminated.append(0)
    return unsafe terminated.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("the buffer is empty") }
      return unsafe body(start)
    }
  }

  /// The absolute path with all links resolved; nil when it does not exist. realpath(3)
  package var resolved: FilePath? {
    unsafe withCString { name in
      guard let result = unsafe realpath(name, nil) else { return nil }
      defer { unsafe free(result) }
      return unsafe result.withMemoryRebound(to: UInt8.self, capacity: 1) { start in
        unsafe FilePath(UnsafeBufferPointer(start: start, count: strlen(result)))
      }
    }
  }

  /// The absolute path; links are not resolved. getcwd(3)
  public var absolute: FilePath {
    guard bytes.first != UInt8(ascii: "/") else { return self }
    return (FilePath(".").resolved ?? FilePath("/")).appending(self)
  }

  /// Whether this resolved path is `other` or below it.
  package func isInside(_ other: FilePath) -> Bool {
    self == other || bytes.starts(with: other.appending(FilePath("")).bytes)
  }
}

/// Calls `call` again as long as it fails with EINTR.
@discardableResult
package func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result == -1, errno == EINTR { continue }
    return result
  }
}
