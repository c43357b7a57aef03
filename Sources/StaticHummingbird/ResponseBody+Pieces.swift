#if Hummingbird
  internal import Hummingbird
  internal import NIOCore
  internal import NIOPosix
  internal import StaticAssets

  extension ResponseBody {
    /// Bytes of a file that are read at a time, and lie in memory for each response.
    private static let chunkByteCount = 128 << 10

    /// The body of `plain`.
    ///
    /// - Throws: `FileError` when its file cannot be opened.
    init(_ plain: PlainResponse, of table: FileTable) async throws {
      guard let first = plain.body.first else {
        self.init()
        return
      }
      if plain.body.count == 1, let buffer = Self.buffer(first, of: table) {
        self.init(byteBuffer: buffer)
        return
      }
      let file = try await Self.open(plain.fileNumber, of: table)
      self.init(contentLength: Int(plain.bodyByteCount)) { writer in
        for piece in plain.body {
          if let buffer = Self.buffer(piece, of: table) {
            try await writer.write(buffer)
          } else if case .file(_, let offset, let byteCount) = piece, let file {
            try await Self.send(file, offset..<(offset + byteCount), to: &writer)
          }
        }
        try await writer.finish(nil)
      }
    }

    /// The bytes of a piece in memory; nil when it is in a file.
    private static func buffer(_ piece: BodyPiece, of table: FileTable) -> ByteBuffer? {
      switch piece {
      case .memory(let slice):
        table.withBytes(of: slice) { span in
          unsafe span.withUnsafeBytes { bytes in
            var buffer = ByteBufferAllocator().buffer(capacity: bytes.count)
            unsafe buffer.writeBytes(bytes)
            return buffer
          }
        }
      case .bytes(let bytes): ByteBuffer(bytes: bytes)
      case .file: nil
      }
    }

    private static func open(_ number: Int?, of table: FileTable) async throws -> BodyFile? {
      guard let number else { return nil }
      return try await NIOThreadPool.singleton.runIfActive { try table.openBody(number) }
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
