package import Glibc

/// Files and directories by descriptor. The pointers given to the system live for the call alone.
extension Descriptor {
  /// Opens `path`, relative to `directory` (the working directory if nil). openat(2)
  ///
  /// - Parameter flags: added to `O_CLOEXEC`.
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

  /// Opens the file `name` below `directory` to read it; links are followed as long as they stay
  /// inside.
  ///
  /// The file that was opened is asked where it is, so that nobody can turn a link meanwhile.
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

  /// The path of the open file, without links; nil when the system does not tell. readlink(2)
  private var place: FilePath? {
    let path = unsafe [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
      let result = unsafe buffer.withMemoryRebound(to: CChar.self) { target in
        guard let start = target.baseAddress else { return 0 }
        return unsafe readlink("/proc/self/fd/\(number)", start, target.count)
      }
      count = max(0, result)
    }
    // One that fills the buffer may have been cut.
    return path.isEmpty || path.count == Int(PATH_MAX) ? nil : FilePath(path)
  }

  /// The file's status. fstat(2)
  ///
  /// - Parameter path: what the file is called in an error.
  package func status(of path: FilePath) throws(FileError) -> FileStatus {
    do throws(ErrorNumber) {
      return try FileStatus.of(descriptor: number)
    } catch {
      throw FileError(operation: "read", path: path.description, code: error.code)
    }
  }

  /// Reads from the current position into `buffer` until it is full or the file ends.
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

  /// All bytes from the current position to the end.
  package func readAll(path: FilePath) throws(FileError) -> [UInt8] {
    // One byte more than the file should have shows that there is no more.
    var capacity = max(0, Int(try status(of: path).byteCount)) + 1
    var bytes: [UInt8] = []
    while true {
      let chunk = try chunk(byteCountMax: capacity, path: path)
      if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
      guard chunk.count == capacity else { return bytes }
      capacity = 65536
    }
  }

  /// The bytes from the current position on, at most `byteCountMax`.
  package func readStart(_ byteCountMax: Int, path: FilePath) throws(FileError) -> [UInt8] {
    try chunk(byteCountMax: byteCountMax, path: path)
  }

  /// The next bytes, fewer than `byteCountMax` only at the end of the file.
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

  /// Reads to the end in pieces of at most a mebibyte, so that no file is too large for memory.
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

/// What the system knows of a file.
package struct FileStatus: Equatable, Sendable {
  package let isRegular: Bool
  package let isDirectory: Bool
  package let isLink: Bool
  package let isSocket: Bool
  package let byteCount: Int64
  /// The last change of the content.
  let modifiedTime: FileTime
  /// The last change of the content or of what is known of the file.
  let changedTime: FileTime
  /// Device and inode number: equal for the same file only.
  package let identity: FileIdentity
  /// The permission bits.
  package let mode: mode_t
  /// The bytes that it takes on the disk.
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

  /// Seconds since 1970 of the last change of the content.
  package var modified: Int64 { modifiedTime.seconds }

  /// Nanoseconds since 1970 of the last change of the content; anybody can set it.
  package var modifiedNanoseconds: Int64 { modifiedTime.total }

  /// Nanoseconds since 1970 of the last change of content, name or status, by the kernel's clock.
  package var changedNanoseconds: Int64 { changedTime.total }

  /// The status of `path`, links followed unless `followsLinks` is false. fstatat(2)
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

  /// The status of the file `name`, which is one of `names`; links are followed. fstatat(2)
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

/// A time as a file system keeps it.
struct FileTime: Equatable, Sendable {
  /// Since 1970.
  let seconds: Int64
  let nanoseconds: Int32

  init(_ time: timespec) {
    seconds = Int64(time.tv_sec)
    nanoseconds = Int32(time.tv_nsec)
  }

  /// Nanoseconds; wraps around for times that no clock has shown, as they are only compared.
  var total: Int64 { seconds &* 1_000_000_000 &+ Int64(nanoseconds) }
}

/// The same for two names of one file.
package struct FileIdentity: Hashable, Sendable, BitwiseCopyable {
  package let device: UInt64
  package let inode: UInt64

  package init(device: UInt64, inode: UInt64) {
    self.device = device
    self.inode = inode
  }
}

extension FilePath {
  /// Calls `body` with the path as a C string that lives for the call.
  package func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    precondition(!bytes.contains(0), "a NUL would cut the name")
    var terminated = bytes.map { CChar(bitPattern: $0) }
    terminated.append(0)
    return unsafe terminated.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("never empty") }
      return unsafe body(start)
    }
  }

  /// The absolute path with every link resolved; nil when it does not exist. realpath(3)
  package var resolved: FilePath? {
    unsafe withCString { name in
      guard let result = unsafe realpath(name, nil) else { return nil }
      defer { unsafe free(result) }
      return unsafe result.withMemoryRebound(to: UInt8.self, capacity: 1) { start in
        unsafe FilePath(UnsafeBufferPointer(start: start, count: strlen(result)))
      }
    }
  }

  /// The path from the file system's root on; links are left as they are. getcwd(3)
  public var absolute: FilePath {
    guard bytes.first != UInt8(ascii: "/") else { return self }
    return (FilePath(".").resolved ?? FilePath("/")).appending(self)
  }

  /// Whether this resolved path is `other` or lies inside it.
  package func isInside(_ other: FilePath) -> Bool {
    self == other || bytes.starts(with: other.appending(FilePath("")).bytes)
  }
}

/// Repeats `call` while a signal interrupts it.
@discardableResult
package func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result == -1, errno == EINTR { continue }
    return result
  }
}
