/// One URL of the table and its representations.
struct FileEntry {
  /// How requests for the URL are answered.
  enum Kind: UInt8 {
    /// With a representation of a file.
    case file
    /// With a redirect. The only representation has no body; the request's query is appended to
    /// `Location`.
    case redirect
    /// The same, and permanent: a page's own name with `Options.cleansURLs`.
    case cleanRedirect
    /// With 404: a stored coding of another file, in a public directory.
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
  /// The index of the response to a CORS preflight; negative when pages of other origins may not read
  /// the file.
  var preflight: Int16 = -1
  /// `Last-Modified` in seconds since 1970; nil when the file's modification time is no real one.
  var modified: Int64?
}
