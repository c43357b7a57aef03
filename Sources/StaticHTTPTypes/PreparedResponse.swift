#if HTTPTypes
  internal import HTTPTypes
  internal import StaticAssets

  /// A response in the types of swift-http-types and the framework's chunks.
  final class PreparedResponse<Chunk: Sendable>: Sendable {
    let head: HTTPResponse
    /// The body, in order.
    let pieces: [StaticBody<Chunk>.Piece]
    let byteCount: Int64
    /// The original response, if pieces are in a file, which is opened before the head is sent.
    let stored: PlainResponse?

    /// Converts `plain`, which is a response of `table`.
    init(_ plain: PlainResponse, of table: FileTable, _ makeChunk: ([UInt8]) -> Chunk) {
      head = HTTPResponse(plain)
      pieces = plain.body.map { piece in
        switch piece {
        case .memory(let slice): .chunk(makeChunk(Self.bytes(slice, of: table)))
        case .bytes(let bytes): .chunk(makeChunk(bytes))
        case .file(_, let offset, let byteCount): .file(offset..<(offset + byteCount))
        }
      }
      byteCount = plain.bodyByteCount
      stored = plain.fileNumber == nil ? nil : plain
    }

    private static func bytes(_ slice: ByteSlice, of table: FileTable) -> [UInt8] {
      table.withBytes(of: slice) { span in
        unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
      }
    }
  }
#endif
