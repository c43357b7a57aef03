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

  /// The file's status. fstat(2)
  ///
  /// - Parameter path: what the file is called in an error.
  package func status(of path: FilePath) throws(FileError) -> FileStatus {
    var status = stat()
    guard unsafe fstat(number, &status) == 0 else {
      throw FileError(operation: "read", path: path.description, code: errno)
    }
    return FileStatus(status)
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

  /// The names in the directory, without `.` and `..`, in no order. readdir(3)
  package func entries(of path: FilePath) throws(FileError) -> [DirectoryEntry] {
    // fdopendir(3) takes the descriptor over, so it gets one of its own.
    let duplicate = fcntl(number, F_DUPFD_CLOEXEC, 0)
    guard duplicate >= 0, let stream = unsafe fdopendir(duplicate) else {
      let code = errno
      if duplicate >= 0 { _ = close(duplicate) }
      throw FileError(operation: "list", path: path.description, code: code)
    }
    defer { unsafe closedir(stream) }
    var entries: [DirectoryEntry] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else { break }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        // d_name is a NUL-terminated array of char inside the entry.
        unsafe tuple.withMemoryRebound(to: UInt8.self, capacity: 256) { start in
          unsafe FilePath(UnsafeBufferPointer(start: start, count: strlen(start)))
        }
      }
      guard name.bytes != [0x2E], name.bytes != [0x2E, 0x2E] else { continue }
      let type = unsafe Int(entry.pointee.d_type)
      entries.append(DirectoryEntry(name: name, kind: .init(directoryType: type)))
    }
    guard errno == 0 else {
      throw FileError(operation: "list", path: path.description, code: errno)
    }
    return entries
  }
}

/// A name in a directory.
package struct DirectoryEntry: Sendable {
  /// The name, without a slash.
  package let name: FilePath
  /// What the name is, as far as the directory itself tells.
  package let kind: Kind

  package enum Kind: Sendable {
    case file, directory, link, other, unknown

    fileprivate init(directoryType type: Int) {
      switch type {
      case Int(DT_REG): self = .file
      case Int(DT_DIR): self = .directory
      case Int(DT_LNK): self = .link
      case Int(DT_UNKNOWN): self = .unknown
      default: self = .other
      }
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
  /// Seconds since 1970 of the last change of the content.
  package let modified: Int64
  /// Device and inode number: equal for the same file only.
  package let identity: FileIdentity
  /// The permission bits.
  package let mode: mode_t
  /// Nanoseconds since 1970 of the last change of the content; anybody can set it.
  package let modifiedNanoseconds: Int64
  /// Nanoseconds since 1970 of the last change of content, name or status, by the kernel's clock.
  package let changedNanoseconds: Int64
  /// The bytes that it takes on the disk.
  package let storedByteCount: Int64

  package init(_ status: stat) {
    isRegular = status.st_mode & S_IFMT == S_IFREG
    isDirectory = status.st_mode & S_IFMT == S_IFDIR
    isLink = status.st_mode & S_IFMT == S_IFLNK
    isSocket = status.st_mode & S_IFMT == S_IFSOCK
    byteCount = Int64(status.st_size)
    modified = Int64(status.st_mtim.tv_sec)
    identity = FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    mode = status.st_mode & 0o7777
    modifiedNanoseconds = Self.nanoseconds(status.st_mtim)
    changedNanoseconds = Self.nanoseconds(status.st_ctim)
    storedByteCount = Int64(status.st_blocks) * 512
  }

  /// Wraps around for times that no clock has shown: they are only compared.
  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

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
}

/// The same for two names of one file.
package struct FileIdentity: Hashable, Sendable {
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
