#if Hummingbird
  internal import Hummingbird
  internal import Logging
  internal import NIOCore
  internal import NIOPosix
  internal import StaticAssets

  extension PreparedResponse {
    /// The response to `request` with its body; a file is opened first.
    ///
    /// A file that has changed since the table was built gets another response.
    ///
    /// - Throws: `FileError` when the file does not exist any more.
    func response(
      to request: ParsedRequest,
      of table: FileTable,
      _ logger: Logger
    ) async throws -> Response {
      guard let stored else { return response(nil, logger) }
      let opened =
        if let kept = table.openKept(stored) {
          kept
        } else {
          try await NIOThreadPool.singleton.runIfActive { try table.open(stored, to: request) }
        }
      guard opened.table !== table else { return response(opened.file, logger) }
      return PreparedResponse(opened.response, of: opened.table).response(opened.file, logger)
    }

    /// The response with its body; pieces of files are read from `file`.
    private func response(_ file: BodyFile?, _ logger: Logger) -> Response {
      guard !pieces.isEmpty else { return response }
      return Response(
        status: response.status,
        headers: response.headers,
        body: ResponseBody(pieces, byteCount: byteCount, file, logger)
      )
    }
  }

  extension ResponseBody {
    /// The maximum bytes of a chunk of a file, and the memory of a response.
    ///
    /// Each chunk costs two changes of thread. Without these, a client that reads nothing could
    /// accumulate a dozen chunks in memory, because the event loop reports too late that the
    /// channel is not writable.
    private static let chunkByteCount = 256 << 10

    /// A body of several pieces; pieces of files are read from `file`.
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
          // `Content-Length` has been sent: Hummingbird closes the connection.
          logger.error("static file cannot be sent whole", metadata: ["error": "\(error)"])
          throw error
        }
        try await writer.finish(nil)
      }
    }

    /// Writes the bytes of `file` in `range`, each chunk after the client has taken the previous
    /// one.
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
      // The memory belongs to the buffer; exactly the bytes read become its content.
      try unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { memory in
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
        try unsafe file.read(into: target, at: offset)
        return count
      }
      return buffer
    }
  }
#endif
