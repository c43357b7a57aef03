/// Where a body's bytes are.
public enum BodySource: Equatable, Sendable, BitwiseCopyable {
  /// There is no body: the status has none, or the method is HEAD.
  case none
  /// A slice of the table's memory.
  case memory(ByteSlice)
  /// `byteCount` bytes from `offset` of the table's stored file at index `number`.
  case file(number: Int, offset: Int64, byteCount: Int64)
  /// Several ranges of the table's representation at index `representation`, sent as
  /// `multipart/byteranges`; `FileTable.multipart` returns the parts and the complete fields.
  case parts(representation: Int)

  /// The `count` bytes from `offset`; traps unless they lie inside a body that is not multipart.
  func part(offset: Int64, count: Int64) -> BodySource {
    switch self {
    case .memory(let slice):
      precondition(offset + count <= Int64(slice.count))
      return .memory(ByteSlice(offset: Int(slice.offset) + Int(offset), count: Int(count)))
    case .file(let number, let start, let byteCount):
      precondition(offset + count <= byteCount)
      return .file(number: number, offset: start + offset, byteCount: count)
    case .none, .parts:
      preconditionFailure("only a body in memory or in a file can be divided")
    }
  }

  /// The number of bytes; 0 for `.parts`, whose length is `MultipartRanges.byteCount`.
  public var byteCount: Int64 {
    switch self {
    case .none, .parts: 0
    case .memory(let slice): Int64(slice.count)
    case .file(_, _, let byteCount): byteCount
    }
  }
}

/// The start of a response, ready to send: a status line and field lines, each with its CRLF.
///
/// `Date`, `Connection` and the empty line are missing; the server writes them.
public struct HeadTemplate: Equatable, Sendable, BitwiseCopyable {
  /// The status line and the field lines, in the table's memory.
  public let bytes: ByteSlice
  /// Bytes of the status line with its CRLF; 0 when the head has only field lines.
  public let statusLineByteCount: Int
}

/// A representation of a file in one content coding, and the heads of the responses that carry it.
struct Representation {
  var coding: ContentCoding
  var body: BodySource
  /// Bytes of the complete body.
  var byteCount: Int64
  /// The strong entity tag with its quotes, in the arena; empty when there is none.
  var entityTag: ByteSlice
  /// The value of `Content-Type`, in the arena.
  var contentType: ByteSlice
  /// The head of a 200.
  var okHead: HeadTemplate
  /// The field lines of a 206: those of the 200 without `Content-Length`, and no status line.
  ///
  /// A slice of the 200's head, so it takes no memory of its own.
  var partialHead: HeadTemplate
  /// The head of a 304.
  var notModifiedHead: HeadTemplate
}

/// One URL of the table and its representations.
struct FileEntry {
  /// How requests for the URL are answered.
  enum Kind: UInt8 {
    /// With a representation of a file.
    case file
    /// With a redirect. The only representation has no body; the request's query is appended to
    /// `Location`.
    case redirect
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
  /// The index of the mount; negative for an entry without a URL, such as the fallback.
  var mount: Int16 = -1
  /// `Last-Modified` in seconds since 1970; nil when the file's modification time is no real one.
  var modified: Int64?
}

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
