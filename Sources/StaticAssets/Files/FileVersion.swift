/// Identifies one content of a file by size, times and inode.
struct FileVersion {
  let byteCount: Int64
  private let modifiedTime: FileTime
  private let changedTime: FileTime
  private let identity: FileIdentity

  /// The version with `status`.
  init(_ status: FileStatus) {
    byteCount = status.byteCount
    modifiedTime = status.modifiedTime
    changedTime = status.changedTime
    identity = status.identity
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
  /// Size and mtime must be equal, and in addition the inode or the ctime. A replacement with the
  /// same size and mtime differs in both of these. Neither alone is reliable: file systems in user
  /// space may report a new inode number after each open, and a new hard link or permission changes
  /// ctime.
  func isSame(as other: FileVersion) -> Bool {
    byteCount == other.byteCount && modifiedTime == other.modifiedTime
      && (identity == other.identity || changedTime == other.changedTime)
  }
}
