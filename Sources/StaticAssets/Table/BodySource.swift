/// The location of a body's bytes.
package enum BodySource: Equatable, Sendable, BitwiseCopyable {
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
  package var byteCount: Int64 {
    switch self {
    case .none, .parts: 0
    case .memory(let slice): Int64(slice.count)
    case .file(_, _, let byteCount): byteCount
    }
  }
}
