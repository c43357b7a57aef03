#if canImport(Glibc)
  package import Glibc
#elseif canImport(Musl)
  package import Musl
#else
  package import Darwin
#endif

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
  /// The number of hard links.
  package let linkCount: UInt64
  /// The mode and the owner.
  let permission: FilePermission
  /// Bytes allocated on the disk.
  package let storedByteCount: Int64

  package init(_ status: stat) {
    // S_IFMT and the types as numbers, which are equal on Linux and Darwin: the C library's names
    // would be calls.
    let type = status.st_mode & 0o170000
    isRegular = type == 0o100000
    isDirectory = type == 0o040000
    isLink = type == 0o120000
    isSocket = type == 0o140000
    byteCount = Int64(status.st_size)
    let times = Platform.times(of: status)
    modifiedTime = FileTime(times.modified)
    changedTime = FileTime(times.changed)
    identity = FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    mode = status.st_mode & 0o7777
    linkCount = UInt64(status.st_nlink)
    permission = FilePermission(mode: status.st_mode, user: status.st_uid, group: status.st_gid)
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
    _ path: BytePath,
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

/// The attributes that chmod(2) and chown(2) change.
struct FilePermission: Equatable, Sendable, BitwiseCopyable {
  let mode: mode_t
  let user: uid_t
  let group: gid_t
}

/// A file time.
struct FileTime: Equatable, Sendable, BitwiseCopyable {
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
