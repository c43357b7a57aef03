internal import StaticAssets

/// The content of a request, all of which has come: the first of it in memory, and what is more in a
/// file without a name.
///
/// ```swift
/// let form = try await request.content.collect(upTo: 1 << 20)
/// for try await piece in request.content { … }
/// ```
///
/// It may be read any number of times, by several tasks as well.
public struct HandlerContent: AsyncSequence, Sendable {
  /// Bytes of a piece, at most.
  static let pieceBytesMax = 65536

  /// Bytes in all.
  public var byteCount: Int64 { spool.count }

  private let spool: SealedSpool

  init(_ spool: SealedSpool) {
    self.spool = spool
  }

  /// Why content could not be read.
  public enum ReadError: Error, Equatable, CustomStringConvertible {
    /// There is more of it than was asked for.
    case tooLarge(byteCount: Int64)
    /// The system refused to read the file; the code is an error number as in errno(3).
    case file(code: Int32)

    /// One line: what is wrong.
    public var description: String {
      switch self {
      case .tooLarge(let byteCount): "the content has \(byteCount) bytes, more than are taken"
      case .file(let code): "cannot read the content: \(FileError.text(of: code))"
      }
    }
  }

  /// All of it.
  ///
  /// - Parameter byteCountMax: bytes that are taken at most; answer 413 to more.
  /// - Throws: `ReadError`.
  public func collect(upTo byteCountMax: Int) async throws(ReadError) -> [UInt8] {
    guard byteCount <= Int64(byteCountMax) else { throw .tooLarge(byteCount: byteCount) }
    return try spool.read(at: 0, byteCountMax: Int(byteCount))
  }

  /// Pieces of at most 64 KiB, none empty.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(spool) }

  /// Reads one piece after the other.
  public struct AsyncIterator: AsyncIteratorProtocol {
    private let spool: SealedSpool
    private var position: Int64 = 0

    fileprivate init(_ spool: SealedSpool) {
      self.spool = spool
    }

    /// The next piece; nil at the end.
    ///
    /// - Throws: `ReadError`.
    public mutating func next() async throws -> [UInt8]? {
      guard position < spool.count else { return nil }
      let piece = try spool.read(at: position, byteCountMax: HandlerContent.pieceBytesMax)
      position += Int64(piece.count)
      return piece
    }
  }
}
