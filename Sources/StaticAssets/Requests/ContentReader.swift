/// Finds the end of a request's content, for both framings, in pieces of any size.
///
/// A value type, like `ChunkReader`.
///
/// Source: RFC 9112 §6.3.
package struct ContentReader: Equatable, Sendable, BitwiseCopyable {
  /// Bytes of content read so far, without framing.
  package private(set) var byteCount: Int64 = 0

  private var framing: Framing

  private enum Framing: Equatable, Sendable, BitwiseCopyable {
    /// `Content-Length`: bytes still to come.
    case length(Int64)
    case chunked(ChunkReader)
  }

  /// A reader before the first byte of `content`.
  package init(_ content: RequestContent) {
    switch content {
    case .none: framing = .length(0)
    case .length(let count): framing = .length(count)
    case .chunked: framing = .chunked(ChunkReader())
    }
  }

  /// Reads the next piece from `position`, which it moves; see `ChunkReader.next`.
  package mutating func next(_ bytes: Span<UInt8>, at position: inout Int) -> ChunkReader.Step {
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

  /// Reads and discards content.
  ///
  /// - Parameters:
  ///   - bytes: received bytes.
  ///   - position: the index of the first unread byte; moved past what was read.
  ///   - byteCountMax: the limit of the whole content, in bytes.
  package mutating func skip(
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

  /// The result of discarding content.
  package enum SkipOutcome: Equatable, Sendable {
    /// The content has ended; the next request begins at the position.
    case end
    /// The content continues.
    case incomplete
    /// The content exceeds the limit.
    case tooLarge
    /// The chunked coding is invalid.
    case malformed
  }
}
