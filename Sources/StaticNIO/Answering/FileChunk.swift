#if NIO
  internal import NIOCore
  internal import StaticAssets

  #if os(Linux)
    internal import CLinux
  #endif

  /// Reads chunks of files into a buffer, which is reused once the previous chunk has been sent.
  struct FileChunk: Sendable {
    /// The maximum bytes of a chunk, and the memory of a response.
    static let byteCount: Int64 = 128 << 10

    /// The result of reading without blocking.
    enum Cached {
      case whole(ByteBuffer)
      /// The file is no longer the one that the response describes.
      case changed
      /// Not all bytes are in the page cache, or the system does not support the query.
      case notCached
    }

    private var buffer = ByteBuffer()

    /// Reads the bytes in `range` if all are in the page cache.
    mutating func readCached(_ file: BodyFile, _ range: Range<Int64>) -> Cached {
      #if os(Linux)
        let count = range.count
        clear(count)
        // The memory belongs to the buffer; exactly the bytes read become its content.
        let read = unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) {
          memory in
          let result = unsafe clinux_read_cached(
            file.descriptor,
            memory.baseAddress,
            count,
            range.lowerBound
          )
          return max(0, result)
        }
        guard read == count else { return .notCached }
        return (try? file.checkVersion()) != nil ? .whole(buffer) : .changed
      #else
        return .notCached
      #endif
    }

    /// Reads the bytes in `range`; blocks.
    ///
    /// - Throws: `FileError` when they cannot be read, or the file has changed.
    mutating func read(_ file: BodyFile, _ range: Range<Int64>) throws -> ByteBuffer {
      let count = range.count
      clear(count)
      // As in `readCached`.
      try unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { memory in
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
        try unsafe file.read(into: target, at: range.lowerBound)
        return count
      }
      return buffer
    }

    /// Empties the buffer, with capacity for `count` bytes; allocates only if the previous chunk is
    /// still being sent.
    private mutating func clear(_ count: Int) {
      buffer.clear(minimumCapacity: count)
    }
  }
#endif
