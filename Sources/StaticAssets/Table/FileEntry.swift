/// One URL of the table and its representations.
struct FileEntry {
  /// The kind of response for the URL.
  enum Kind: UInt8 {
    /// A representation of a file.
    case file
    /// A redirect (302). The only representation has no body; the request's query is appended to
    /// `Location`.
    case redirect
    /// A permanent redirect (308) from a page's own name, with `Options.cleansURLs`.
    case cleanRedirect
    /// 404: a stored coding of another file, in a public directory.
    case absent
  }

  /// The URL path, percent-decoded, in the arena.
  var path: ByteSlice
  /// The index of the first representation; they are sorted by size, smallest first.
  var firstRepresentation: Int32
  /// The number of representations: at least one, except for `.absent`.
  var representationCount: Int32
  var kind = Kind.file
  /// The number of deltas, which follow the other representations.
  var deltaCount: UInt8 = 0
  /// The index of the mount; negative for an entry without a URL, such as the fallback.
  var mount: Int16 = -1
  /// The index of the response to a CORS preflight; negative when pages of other origins may not
  /// read the file.
  var preflight: Int16 = -1
  /// `Last-Modified` in seconds since 1970; nil when the file's modification time is not real; see
  /// `FileVersion.real`.
  var modified: Int64?
}
