#if Hummingbird
  internal import Hummingbird
  internal import Logging
  internal import NIOCore
  internal import NIOPosix
  internal import StaticAssets

  extension PreparedResponse {
    /// The response with its body, which is opened first if it is a file.
    ///
    /// - Throws: `FileError` when the file is gone, or another version than the response describes.
    func response(of table: FileTable, _ logger: Logger) async throws -> Response {
      guard !pieces.isEmpty else { return response }
      let file = try await Self.open(fileNumber, of: table)
      return Response(
        status: response.status,
        headers: response.headers,
        body: ResponseBody(pieces, byteCount: byteCount, file, logger)
      )
    }

    /// The file, looked at: one that the table keeps open may have been written since.
    private static func open(_ number: Int?, of table: FileTable) async throws -> BodyFile? {
      guard let number else { return nil }
      if let file = table.keptBody(number) {
        try file.checkVersion()
        return file
      }
      return try await NIOThreadPool.singleton.runIfActive { try table.openBody(number) }
    }
  }

  extension ResponseBody {
    /// Bytes of a file that are read at a time, and lie in memory for each response.
    ///
    /// Each costs two changes of thread. Without these a client that reads nothing could have a dozen
    /// pieces in memory, as the event loop tells too late that it cannot write.
    private static let chunkByteCount = 256 << 10

    /// A body of several pieces, those in a file read from `file`.
    fileprivate init(
      _ pieces: [PreparedResponse.Piece],
      byteCount: Int,
      _ file: BodyFile?,
      _ logger: Logger
    ) {
      self.init(contentLength: byteCount) { writer in
        do {
          for piece in pieces {
            switch piece {
            case .buffer(let buffer): try await writer.write(buffer)
            case .file(let range):
              if let file { try await Self.send(file, range, to: &writer) }
            }
          }
        } catch let error as FileError {
          // The length is announced: Hummingbird closes the connection.
          logger.error("static file cannot be sent whole", metadata: ["error": "\(error)"])
          throw error
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
