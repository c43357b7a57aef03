#if HTTPTypes
  internal import StaticAssets

  /// A body, in chunks of at most 128 KiB if it comes from a file; a body in memory is one chunk
  /// per piece.
  ///
  /// Request the next chunk after the client has taken the previous one: then a response holds one
  /// chunk in memory. A body may be iterated several times.
  public struct StaticBody<Chunk: Sendable>: AsyncSequence, Sendable {
    /// A chunk.
    public typealias Element = Chunk

    /// A part of the body.
    enum Piece: Sendable {
      case chunk(Chunk)
      /// A range of offsets in the file.
      case file(Range<Int64>)
    }

    /// The length in bytes.
    public let byteCount: Int64

    private let pieces: [Piece]
    private let file: BodyFile?
    private let makeChunk: @Sendable ([UInt8]) -> Chunk

    init(
      _ pieces: [Piece],
      _ byteCount: Int64,
      _ file: BodyFile?,
      _ makeChunk: @escaping @Sendable ([UInt8]) -> Chunk
    ) {
      self.pieces = pieces
      self.byteCount = byteCount
      self.file = file
      self.makeChunk = makeChunk
    }

    /// The whole body if it is one piece in memory; nil when it must be iterated, or is empty.
    public var whole: Chunk? {
      guard pieces.count == 1, case .chunk(let chunk) = pieces[0] else { return nil }
      return chunk
    }

    /// An iterator from the start.
    public func makeAsyncIterator() -> AsyncIterator {
      AsyncIterator(pieces: pieces[...], file: file, makeChunk: makeChunk)
    }

    /// Reads files on a separate queue, so that no thread of the concurrency runtime waits for a
    /// disk.
    public struct AsyncIterator: AsyncIteratorProtocol {
      fileprivate var pieces: ArraySlice<Piece>
      fileprivate let file: BodyFile?
      fileprivate let makeChunk: @Sendable ([UInt8]) -> Chunk
      private var rest: Range<Int64> = 0..<0

      fileprivate init(
        pieces: ArraySlice<Piece>,
        file: BodyFile?,
        makeChunk: @escaping @Sendable ([UInt8]) -> Chunk
      ) {
        self.pieces = pieces
        self.file = file
        self.makeChunk = makeChunk
      }

      /// The next chunk; nil at the end.
      ///
      /// - Throws: `FileError` when the file cannot be read, is truncated, or has changed (ESTALE):
      ///   the bytes read are discarded, and the response cannot be completed.
      public mutating func next() async throws -> Chunk? {
        if rest.isEmpty {
          switch pieces.popFirst() {
          case nil: return nil
          case .chunk(let chunk): return chunk
          case .file(let range): rest = range
          }
        }
        guard let file, !rest.isEmpty else { return nil }
        let count = Int(Swift.min(Int64(FileQueue.chunkByteCount), Int64(rest.count)))
        let start = rest.lowerBound
        rest = (start + Int64(count))..<rest.upperBound
        return makeChunk(try await FileQueue.run { try FileQueue.read(file, start, count) })
      }
    }
  }
#endif
