#if NIO
  internal import NIOCore
  internal import StaticAssets

  #if os(Linux)
    internal import CLinux
  #endif

  /// Reads pieces of files into memory, the same for each piece if it is free again.
  struct FileChunk: Sendable {
    /// Bytes that are read at a time, and lie in memory for each response.
    static let byteCount: Int64 = 128 << 10

    /// What could be read without waiting.
    enum Cached {
      case whole(ByteBuffer)
      /// The file is no longer the one that the response describes.
      case changed
      /// Not all of it is in memory, or the system cannot tell.
      case notCached
    }

    private var buffer = ByteBuffer()

    /// Reads the bytes in `range` if none of them has to come from a disk.
    mutating func readCached(_ file: BodyFile, _ range: Range<Int64>) -> Cached {
      #if os(Linux)
        let count = range.count
        clear(count)
        // The memory is the buffer's, of which exactly the bytes read become its content.
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
      // As above.
      try unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { memory in
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
        try unsafe file.read(into: target, at: range.lowerBound)
        return count
      }
      return buffer
    }

    /// Makes room for `count` bytes: new memory only if the last piece is still being sent.
    private mutating func clear(_ count: Int) {
      buffer.clear(minimumCapacity: count)
    }
  }
#endif
