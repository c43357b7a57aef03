/// Where the bytes of a body are.
public enum BodySource: Equatable, Sendable, BitwiseCopyable {
  /// There is none, or the request was HEAD.
  case none
  /// In the table's memory.
  case memory(ByteSlice)
  /// In a file: `byteCount` bytes of the table's file number `number` from `offset`.
  case file(number: Int, offset: Int64, byteCount: Int64)
  /// Several parts of the table's representation number `representation`, each behind a head of
  /// its own; `FileTable.multipart` tells which, and the fields that the plan's head lacks.
  case parts(representation: Int)

  /// The part of `count` bytes from `offset`, both inside the body, which is no multipart.
  func part(offset: Int64, count: Int64) -> BodySource {
    switch self {
    case .memory(let slice):
      precondition(offset + count <= Int64(slice.count))
      return .memory(ByteSlice(offset: Int(slice.offset) + Int(offset), count: Int(count)))
    case .file(let number, let start, let byteCount):
      precondition(offset + count <= byteCount)
      return .file(number: number, offset: start + offset, byteCount: count)
    case .none, .parts:
      preconditionFailure("only a whole body has parts")
    }
  }

  /// The number of bytes; of several parts that is known only once their heads are.
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
/// Without what differs between two sendings (Date, Connection) and without the empty line.
public struct HeadTemplate: Equatable, Sendable, BitwiseCopyable {
  /// The whole, in the table's memory.
  public let bytes: ByteSlice
  /// How many of the bytes are the status line, 0 when it is not among them; the rest are field
  /// lines.
  public let statusLineByteCount: Int
}

/// One form of a file: its bytes in one content coding, and the responses that carry them.
struct Representation {
  var coding: ContentCoding
  var body: BodySource
  /// The length of the body, whatever part of it is sent.
  var byteCount: Int64
  /// The strong entity tag with its quotes, in the arena; empty when there is none.
  var entityTag: ByteSlice
  /// The value of `Content-Type`, in the arena.
  var contentType: ByteSlice
  /// 200: the whole body.
  var okHead: HeadTemplate
  /// 206: the field lines of the 200 without `Content-Length`, and without a status line.
  ///
  /// They are a part of the 200's head, so that they cost no memory.
  var partialHead: HeadTemplate
  /// The head of a 304.
  var notModifiedHead: HeadTemplate
}

/// One URL that has an answer of its own.
struct FileEntry {
  /// What it is.
  enum Kind: UInt8 {
    /// A file.
    case file
    /// A redirect, whose only representation has no body; the request's query is added to it.
    case redirect
    /// A stored coding of another file in a public directory, which is no file to its clients.
    case absent
  }

  /// The URL path, percent-decoded, in the arena.
  var path: ByteSlice
  /// The index of its first representation; they stand smallest first.
  var firstRepresentation: Int32
  /// How many representations there are; at least one, except for what is absent.
  var representationCount: Int32
  var kind = Kind.file
  /// The index of its mount; negative for what has no URL of its own, such as the fallback.
  var mount: Int16 = -1
  /// Seconds since 1970; nil when the file system does not know.
  var modified: Int64?
}

/// A file whose bytes are sent from disk.
struct StoredFile {
  /// The descriptor of the directory that the name is in.
  var directory: Int32
  /// The name below that directory, with a terminating NUL, in the arena.
  var name: ByteSlice
  /// The descriptor kept open; negative when the file is opened each time.
  var descriptor: Int32
  /// What must be found when the file is opened again.
  var version: FileVersion
}
