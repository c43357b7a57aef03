/// A file whose body is sent from disk.
struct StoredFile {
  /// The descriptor of the directory that contains the file.
  var directory: Int32
  /// The name below that directory, with a terminating NUL, in the arena.
  var name: ByteSlice
  /// The open descriptor; negative when the file is opened for each response.
  var descriptor: Int32
  /// The version that the table's responses describe; checked whenever the file is opened.
  var version: FileVersion
}
