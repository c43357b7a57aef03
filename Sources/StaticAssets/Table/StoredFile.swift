/// A file whose body is sent from disk.
struct StoredFile {
  /// The descriptor of the directory that contains the file.
  var directory: Int32
  /// The name below that directory, with a terminating NUL, in the arena.
  var name: ByteSlice
  /// The open descriptor; negative when the file is opened for each response.
  var descriptor: Int32
  /// The size in bytes in the table's responses.
  var byteCount: Int64
  /// The version that the table's responses describe, checked whenever the file is opened; nil when
  /// only the size is known, from the manifest.
  var version: FileVersion?

  /// Whether an open file is the version that the table's responses describe.
  func isVersion(_ status: FileStatus) -> Bool {
    status.byteCount == byteCount && version?.isSame(as: FileVersion(status)) ?? true
  }
}
