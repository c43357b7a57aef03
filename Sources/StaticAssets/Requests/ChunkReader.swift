/// Parses content in the chunked transfer coding, in pieces of any size.
///
/// Strict, because differences between lenient parsers allow request smuggling. Malformed are: line
/// ends other than CRLF, white space around a chunk-size, sizes above 60 bits, and control
/// characters in a chunk-ext or a trailer. A value type; it neither copies nor allocates.
///
/// Source: RFC 9112 §7.1.
package struct ChunkReader: Equatable, Sendable, BitwiseCopyable {
  /// The result of reading at the position.
  package enum Step: Equatable, Sendable {
    /// The range of at least one byte of content.
    case data(Range<Int>)
    /// The end of the content; bytes from the position on belong to the next message.
    case end
    /// All bytes were read, and the content continues.
    case incomplete
    /// The chunked coding is invalid; every further call returns this.
    case malformed
  }

  /// The limit of bytes that are not content (chunk-sizes, extensions, line ends), in bytes.
  ///
  /// Each chunk raises the limit by its size plus 16 bytes. Normal senders never reach it; a sender
  /// with a long extension for each byte of content does.
  package static let overheadMax = 16384
  /// The limit of the trailer section, its line ends included, in bytes.
  package static let trailerBytesMax = 8192
  /// The overhead that each chunk may have: two CRLF and a chunk-size.
  static let overheadAllowancePerChunk = 16

  var state = State.firstDigit
  /// Bytes of the chunk's data still to come; while the chunk-size is being read, its value so far.
  var remaining: Int64 = 0
  /// Bytes that are not content, minus the allowances of the chunks; in the trailer section, its
  /// bytes.
  var overhead: Int32 = 0

  /// Bytes of the trailer section read so far, with line ends and the empty line.
  package var trailerByteCount: Int { state.isOfTrailer ? Int(overhead) : 0 }

  /// A reader before the first byte of the content.
  package init() {}

  /// Reads from `position` to the end of a piece of content, of the content, or of `bytes`.
  ///
  /// - Parameters:
  ///   - bytes: received bytes; those before `position` are not needed any more.
  ///   - position: the index of the first unread byte; moved past what was read.
  package mutating func next(_ bytes: Span<UInt8>, at position: inout Int) -> Step {
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
      state = overhead > overheadLimit ? .malformed : nextState(bytes[position])
      if state == .malformed { return .malformed }
      position &+= 1
    }
    switch state {
    case .end: return .end
    case .malformed: return .malformed
    default: return .incomplete
    }
  }

  /// The largest permitted `overhead` in the current state.
  private var overheadLimit: Int32 {
    Int32(state.isOfTrailer ? Self.trailerBytesMax : Self.overheadMax)
  }
}
