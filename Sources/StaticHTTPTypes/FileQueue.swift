#if HTTPTypes
  internal import Dispatch
  internal import StaticAssets

  /// The queue for opening and reading files, which blocks.
  enum FileQueue {
    /// The maximum bytes of a read.
    static let chunkByteCount = 128 << 10

    private static let queue = DispatchQueue(label: "staticd.files", attributes: .concurrent)

    /// The result of `work`, which may block.
    static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
      await withCheckedContinuation { continuation in
        queue.async { continuation.resume(returning: work()) }
      }
    }

    /// The result of `work`, which may block.
    ///
    /// - Throws: the error of `work`.
    static func run<Result: Sendable>(
      _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
      try await withCheckedThrowingContinuation { continuation in
        queue.async { continuation.resume(with: Swift.Result { try work() }) }
      }
    }

    /// The `count` bytes of `file` from `offset`; blocks.
    ///
    /// - Throws: `FileError` when they cannot be read or the file has changed.
    static func read(_ file: BodyFile, _ offset: Int64, _ count: Int) throws -> [UInt8] {
      let bytes = try unsafe [UInt8](unsafeUninitializedCapacity: count) { memory, readCount in
        // The memory has room for `count` bytes, all of which are read.
        let target = UnsafeMutableRawBufferPointer(memory)
        try unsafe file.read(into: target, at: offset)
        readCount = count
      }
      return bytes
    }
  }
#endif
