internal import StaticAssets

/// The content of a request.
///
/// ```swift
/// let form = try await request.content.collect(upTo: 1 << 20)
/// for try await piece in request.content { … }
/// ```
///
/// It is complete when the handler is called: the first bytes are in memory, the rest is in an
/// unlinked temporary file. It may then be read any number of times and by several tasks. With
/// `HandlerConfiguration.streamsContent` it is read while it is received, once and by one task.
public struct HandlerContent: AsyncSequence, Sendable {
  /// The limit of bytes in one piece of stored content.
  static let pieceBytesMax = 65536

  fileprivate enum Source: Sendable {
    case stored(SealedSpool)
    case coming(HandlerCall)
  }

  /// The length of the content in bytes; nil if it is not known, because chunked content is still
  /// being received.
  public let byteCount: Int64?

  private let source: Source

  init(_ spool: SealedSpool) {
    byteCount = spool.count
    source = .stored(spool)
  }

  /// Content that is read while it is received; `byteCount` is that of its head.
  init(of call: HandlerCall, byteCount: Int64?) {
    self.byteCount = byteCount
    source = .coming(call)
  }

  /// The error of reading content.
  public struct ReadError: Error, Equatable, CustomStringConvertible {
    /// The kind of an error; kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
      /// The name of the constant.
      public let description: String

      /// The content is larger than the limit that was given.
      public static let tooLarge = Code(description: "tooLarge")
      /// The temporary file could not be read.
      public static let unreadable = Code(description: "unreadable")
      /// The content is incomplete: the client has left, or the server stops.
      public static let incomplete = Code(description: "incomplete")
    }

    /// The kind of the error.
    public let code: Code
    /// A description of the fault in one line.
    public let description: String

    static func tooLarge(byteCount: Int64) -> ReadError {
      let text = "the content has \(byteCount) bytes, more than the limit"
      return ReadError(code: .tooLarge, description: text)
    }

    /// The temporary file could not be read; `code` is an errno(3) value.
    static func file(code: Int32) -> ReadError {
      let text = "cannot read the content: \(FileError.text(of: code))"
      return ReadError(code: .unreadable, description: text)
    }

    static let incomplete = ReadError(
      code: .incomplete,
      description: "the content has not come whole"
    )
  }

  /// Reads the whole content.
  ///
  /// - Parameter byteCountMax: the limit in bytes; respond with 413 if the content is larger.
  /// - Throws: `ReadError`.
  public func collect(upTo byteCountMax: Int) async throws(ReadError) -> [UInt8] {
    if let byteCount, byteCount > Int64(byteCountMax) { throw .tooLarge(byteCount: byteCount) }
    switch source {
    case .stored(let spool):
      return try spool.read(at: 0, byteCountMax: Int(spool.count))
    case .coming:
      var bytes: [UInt8] = []
      var iterator = makeAsyncIterator()
      while let piece = try await iterator.nextPiece() {
        bytes += piece
        guard bytes.count <= byteCountMax else { throw .tooLarge(byteCount: Int64(bytes.count)) }
      }
      return bytes
    }
  }

  /// Returns an iterator over pieces of at least one byte.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source) }

  /// Reads the content piece by piece.
  public struct AsyncIterator: AsyncIteratorProtocol {
    private let source: Source
    private var position: Int64 = 0

    fileprivate init(_ source: Source) {
      self.source = source
    }

    /// The next piece, at most 64 KiB; nil at the end.
    ///
    /// - Throws: `ReadError`.
    public mutating func next() async throws -> [UInt8]? { try await nextPiece() }

    fileprivate mutating func nextPiece() async throws(ReadError) -> [UInt8]? {
      switch source {
      case .stored(let spool):
        guard position < spool.count else { return nil }
        let piece = try spool.read(at: position, byteCountMax: HandlerContent.pieceBytesMax)
        position += Int64(piece.count)
        return piece
      case .coming(let call):
        do throws(CancellationError) {
          return try await call.nextUpload()
        } catch {
          throw .incomplete
        }
      }
    }
  }
}
