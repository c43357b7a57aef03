/// A file of the root together with its entry in `staticd.json`.
struct FileRecord {
  /// The path below the root, in the scan's `names`.
  let path: ByteSlice
  /// The index of the file that this is a coding of, as in `ScannedFile`; -1 for none.
  let original: Int32
  let coding: ContentCoding
  /// Nil when the manifest records the size of this coding, or when `errorNumber` is set.
  var version: FileVersion?
  /// The index of its entry in the manifest; nil when it was not collected under this name.
  var manifestIndex: Int32?
  /// Whether the file has another content than the manifest lists.
  var isEdited = false
  /// The error number of fstatat(2); 0 when it succeeded or was not called.
  var errorNumber: Int32 = 0

  /// Whether this is only a stored coding of another file, and so has no URL of its own.
  ///
  /// `data.tar.gz` beside `data.tar` has a URL if the manifest lists it as a file.
  var isCoding: Bool { original >= 0 && manifestIndex == nil }

  /// Whether the open file is the version that was scanned; true when the scan did not record one.
  ///
  /// The entity tag and `Last-Modified` describe the scanned version. fstat(2)
  func isUnchanged(descriptor: Int32) throws(ErrorNumber) -> Bool {
    guard let version else { return true }
    return version.isSame(as: FileVersion(try FileStatus.of(descriptor: descriptor)))
  }
}
