/// What tells a content of a file from the one before it.
struct FileVersion {
  let byteCount: Int64
  private let modifiedTime: FileTime
  private let changedTime: FileTime
  private let identity: FileIdentity

  /// The version that has `status`.
  init(_ status: FileStatus) {
    byteCount = status.byteCount
    modifiedTime = status.modifiedTime
    changedTime = status.changedTime
    identity = status.identity
  }

  /// Seconds since 1970 of the last change of the content.
  var modified: Int64 { modifiedTime.seconds }

  /// The nanoseconds of that second; 0 where the file system does not tell.
  var nanoseconds: Int32 { modifiedTime.nanoseconds }

  /// Whether `other` is the same file with the same content, as far as the system tells.
  ///
  /// A file put in its place may have its length and, where all times are set to one, also its
  /// time; it has another inode then, and a later change of status. Both must differ: file systems
  /// in user space make inode numbers up when a file is opened again, and a new hard link or
  /// permission changes the status alone.
  func isSame(as other: FileVersion) -> Bool {
    byteCount == other.byteCount && modifiedTime == other.modifiedTime
      && (identity == other.identity || changedTime == other.changedTime)
  }
}
