#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Identifies one content of a file by size, times and inode.
package struct FileVersion: Sendable, BitwiseCopyable {
  let byteCount: Int64
  private let modifiedTime: FileTime
  private let changedTime: FileTime
  private let identity: FileIdentity
  private let linkCount: UInt64
  private let permission: FilePermission

  /// The version with `status`.
  package init(_ status: FileStatus) {
    byteCount = status.byteCount
    modifiedTime = status.modifiedTime
    changedTime = status.changedTime
    identity = status.identity
    linkCount = status.linkCount
    permission = status.permission
  }

  /// Seconds since 1970 of the last change of the content (mtime).
  var modified: Int64 { modifiedTime.seconds }

  /// The nanoseconds of `modified`; 0 when the file system does not store them.
  var nanoseconds: Int32 { modifiedTime.nanoseconds }

  /// Nanoseconds since 1970 of the last change of the content (mtime).
  var modifiedTotal: Int64 { modifiedTime.total }
  /// Device and inode number.
  var fileIdentity: FileIdentity { identity }
  /// Nanoseconds since 1970 of the last change of content, name or status (ctime).
  var changedTotal: Int64 { changedTime.total }

  /// Whether `other` is the same file with the same content, as far as stat(2) shows.
  ///
  /// Size and mtime must be equal. If ctime is equal, too, nothing was written; the inode is then
  /// not compared, because file systems in user space may report a new number after each open.
  /// ctime alone changes with a hard link, a removed name, or a change of the permission, which
  /// show in the number of links, the mode or the owner; a new collection creates hard links to the
  /// files of the previous one. If none of these changed, the file may have been rewritten in place
  /// and its mtime restored.
  package func isSame(as other: FileVersion) -> Bool {
    guard byteCount == other.byteCount, modifiedTime == other.modifiedTime else { return false }
    guard changedTime != other.changedTime else { return true }
    return identity == other.identity
      && (linkCount != other.linkCount || permission != other.permission)
  }

  /// Whether the open file `descriptor` still has the content of this version. fstat(2)
  package func isCurrent(_ descriptor: Int32) -> Bool {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return false }
    return isSame(as: FileVersion(FileStatus(status)))
  }
}
