/// Finds the end of a request's content, however it is delimited and cut into pieces.
///
/// A plain value, as `ChunkReader` is.
///
/// Source: RFC 9112 §6.3.
public struct ContentReader: Equatable, Sendable, BitwiseCopyable {
  /// Bytes of content read so far, framing not counted.
  public private(set) var byteCount: Int64 = 0

  private var framing: Framing

  private enum Framing: Equatable, Sendable, BitwiseCopyable {
    /// This many bytes are still to come.
    case length(Int64)
    case chunked(ChunkReader)
  }

  /// A reader before the first byte of `content`.
  public init(_ content: RequestContent) {
    switch content {
    case .none: framing = .length(0)
    case .length(let count): framing = .length(count)
    case .chunked: framing = .chunked(ChunkReader())
    }
  }

  /// Takes the next step from `position`, which it moves; see `ChunkReader.next`.
  public mutating func next(_ bytes: Span<UInt8>, at position: inout Int) -> ChunkReader.Step {
    switch framing {
    case .length(let remaining):
      guard remaining > 0 else { return .end }
      guard position < bytes.count else { return .incomplete }
      let start = position
      let count = min(Int64(bytes.count - position), remaining)
      position += Int(count)
      framing = .length(remaining - count)
      byteCount += count
      return .data(start..<position)
    case .chunked(var chunks):
      let step = chunks.next(bytes, at: &position)
      framing = .chunked(chunks)
      if case .data(let range) = step { byteCount += Int64(range.count) }
      return step
    }
  }

  /// Steps over content, of which nothing is kept.
  ///
  /// - Parameters:
  ///   - bytes: what has been received.
  ///   - position: where the content goes on; moved behind what was stepped over.
  ///   - byteCountMax: the content is given up once it has more bytes than these.
  public mutating func skip(
    _ bytes: Span<UInt8>,
    at position: inout Int,
    byteCountMax: Int64
  ) -> SkipOutcome {
    while true {
      switch next(bytes, at: &position) {
      case .data:
        guard byteCount <= byteCountMax else { return .tooLarge }
      case .end: return .end
      case .incomplete: return .incomplete
      case .malformed: return .malformed
      }
    }
  }

  /// What stepping over content came to.
  public enum SkipOutcome: Equatable, Sendable {
    /// The next request begins at the position.
    case end
    /// More has to come.
    case incomplete
    /// The content has more bytes than are read.
    case tooLarge
    /// No content that can be read to its end.
    case malformed
  }
}
