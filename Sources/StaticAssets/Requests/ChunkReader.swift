/// Reads content in the chunked transfer coding, strictly, however its bytes are cut into pieces.
///
/// A plain value that keeps its place between two pieces: nothing is copied or allocated. What two
/// servers could read in two ways is malformed: line ends other than CRLF, white space around a
/// size, a size beyond 60 bits, control characters in an extension or a trailer.
///
/// Source: RFC 9112 §7.1.
public struct ChunkReader: Equatable, Sendable, BitwiseCopyable {
  /// What stands at the position.
  public enum Step: Equatable, Sendable {
    /// Bytes of content, at least one.
    case data(Range<Int>)
    /// The end of the content; what follows the position is no part of it.
    case end
    /// All bytes are used and more belong to the content.
    case incomplete
    /// No chunked content; stays so.
    case malformed
  }

  /// Bytes beside the content that are let through for nothing: chunk sizes with their extensions.
  ///
  /// Each chunk pays for as many more as `overheadOfChunk` and its own length, so that an honest
  /// sender never comes near, and one that sends a line of extensions for each byte of content
  /// does.
  public static let overheadMax = 16384
  /// Bytes of the trailer section, its line ends included.
  public static let trailerBytesMax = 8192
  /// Bytes of a chunk that are no content and nobody's fault: CRLF twice and a size.
  static let overheadOfChunk = 16

  var state = State.firstDigit
  /// The chunk's bytes that are still to come; while its size is read, the size so far.
  var remaining: Int64 = 0
  /// Bytes beside the content, less what the chunks have paid for; or those of the trailers.
  var overhead: Int32 = 0

  /// Bytes of the trailer section that were read, with its line ends and the empty line.
  public var trailerByteCount: Int { state.isOfTrailer ? Int(overhead) : 0 }

  /// A reader before the first byte of the content.
  public init() {}

  /// Takes the next step from `position`, which it moves.
  ///
  /// - Parameters:
  ///   - bytes: what has come; earlier pieces need not be kept.
  ///   - position: the first byte that was not read.
  public mutating func next(_ bytes: Span<UInt8>, at position: inout Int) -> Step {
    while position < bytes.count {
      if state == .data {
        let count = min(Int64(bytes.count &- position), remaining)
        let start = position
        position &+= Int(count)
        remaining &-= count
        if remaining == 0 { state = .dataReturn }
        return .data(start..<position)
      }
      if state == .malformed { return .malformed }
      if state == .end { return .end }
      overhead &+= 1
      state = overhead > bound ? .malformed : successor(bytes[position])
      if state == .malformed { return .malformed }
      position &+= 1
    }
    switch state {
    case .end: return .end
    case .malformed: return .malformed
    default: return .incomplete
    }
  }

  /// How far `overhead` may go where the reader is.
  private var bound: Int32 {
    Int32(state.isOfTrailer ? Self.trailerBytesMax : Self.overheadMax)
  }
}
