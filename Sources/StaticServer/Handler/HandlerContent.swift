internal import StaticAssets

/// The complete content of a request.
///
/// The first bytes are in memory, the rest in an unlinked temporary file.
///
/// ```swift
/// let form = try await request.content.collect(upTo: 1 << 20)
/// for try await piece in request.content { … }
/// ```
///
/// The content may be read any number of times and by several tasks.
public struct HandlerContent: AsyncSequence, Sendable {
  /// The limit of bytes in one piece.
  static let pieceBytesMax = 65536

  /// The length of the content in bytes.
  public var byteCount: Int64 { spool.count }

  private let spool: SealedSpool

  init(_ spool: SealedSpool) {
    self.spool = spool
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
    }

    /// The kind of the error.
    public let code: Code
    /// One line that says what is wrong.
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
  }

  /// Reads the whole content.
  ///
  /// - Parameter byteCountMax: the limit in bytes; answer 413 if the content is larger.
  /// - Throws: `ReadError`.
  public func collect(upTo byteCountMax: Int) async throws(ReadError) -> [UInt8] {
    guard byteCount <= Int64(byteCountMax) else { throw .tooLarge(byteCount: byteCount) }
    return try spool.read(at: 0, byteCountMax: Int(byteCount))
  }

  /// Returns an iterator over pieces of 1 to 65,536 bytes.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(spool) }

  /// Reads the content piece by piece.
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
