/// A representation of a file in one content coding, and the heads of the responses that carry it.
struct Representation {
  var coding: ContentCoding
  /// Bytes by which a delta is smaller than the smallest other representation.
  var deltaSavedByteCount: UInt32 = 0
  var body: BodySource
  /// Bytes of the complete body.
  var byteCount: Int64
  /// Bytes by which the body is smaller than the file.
  var savedByteCount: Int64 = 0
  /// The strong entity tag with its quotes, in the arena; empty when there is none.
  var entityTag: ByteSlice
  /// The SHA-256 of the dictionary of a delta, 32 bytes in the arena; empty for other
  /// representations.
  var dictionary = ByteSlice.none
  /// The value of `Content-Type`, in the arena.
  var contentType: ByteSlice
  /// The head of a 200.
  var okHead: HeadTemplate
  /// The field lines of a 206: those of the 200 without `Content-Length` and `Use-As-Dictionary`,
  /// and no status line.
  ///
  /// A slice of the 200's head, so it takes no memory of its own.
  var partialHead: HeadTemplate
  /// The head of a 304.
  var notModifiedHead: HeadTemplate
}
