#if Hummingbird
  internal import Hummingbird
  internal import NIOCore
  internal import NIOPosix
  internal import StaticAssets

  extension ResponseBody {
    /// Bytes of a file that are read at a time, and lie in memory for each response.
    ///
    /// Each costs two changes of thread.
    private static let chunkByteCount = 256 << 10

    /// A body of several pieces, those in a file read from `file`.
    init(_ pieces: [PreparedResponse.Piece], byteCount: Int, _ file: BodyFile?) {
      self.init(contentLength: byteCount) { writer in
        for piece in pieces {
          switch piece {
          case .buffer(let buffer): try await writer.write(buffer)
          case .file(let range):
            if let file { try await Self.send(file, range, to: &writer) }
          }
        }
        try await writer.finish(nil)
      }
    }

    /// Writes the bytes of `file` in `range`, each piece when the client has taken the one before.
    private static func send(
      _ file: BodyFile,
      _ range: Range<Int64>,
      to writer: inout any ResponseBodyWriter
    ) async throws {
      var offset = range.lowerBound
      while offset < range.upperBound {
        let count = min(Int(range.upperBound - offset), chunkByteCount)
        let start = offset
        let buffer = try await NIOThreadPool.singleton.runIfActive {
          try chunk(of: file, from: start, count)
        }
        try await writer.write(buffer)
        offset += Int64(count)
      }
    }

    /// Reads `count` bytes from `offset`; blocks.
    private static func chunk(
      of file: BodyFile,
      from offset: Int64,
      _ count: Int
    ) throws -> ByteBuffer {
      var buffer = ByteBufferAllocator().buffer(capacity: count)
      // The memory is the buffer's, of which exactly the bytes read become its content.
      try unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { memory in
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
        try unsafe file.read(into: target, at: offset)
        return count
      }
      return buffer
    }
  }
#endif
