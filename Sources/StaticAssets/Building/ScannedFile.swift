/// One file found below a root.
struct ScannedFile {
  /// The path below the root, in the scan's `names`.
  var path: ByteSlice
  /// The version; nil for a possible coding of another file.
  ///
  /// The manifest may have the size and the digest already, and a stat(2) call for each file takes
  /// a sixth of the start-up time.
  var version: FileVersion?
  /// The index of the file whose name is this one without the suffix of `coding`; -1 when there is
  /// none.
  var original: Int32 = -1
  var coding = ContentCoding.identity
}
