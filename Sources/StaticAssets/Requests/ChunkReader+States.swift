extension ChunkReader {
  /// The position in the grammar of RFC 9112 §7.1, named after the next byte.
  enum State: UInt8 {
    /// The first digit of a chunk-size.
    case firstDigit
    /// A further digit, or the byte after the chunk-size.
    case digit
    /// White space before the semicolon of a chunk-ext.
    case extensionSpace
    /// White space, or the first character of a chunk-ext-name.
    case nameStart
    case name
    /// White space between the name and the equals sign.
    case nameSpace
    /// White space, or the first character of a chunk-ext-val.
    case valueStart
    case token
    case quoted
    /// The second character of a quoted-pair.
    case escaped
    /// The character after a quoted-string.
    case quotedEnd
    /// LF after the chunk-size; the size decides whether data or trailers follow.
    case sizeFeed
    case data
    case dataReturn, dataFeed
    /// The first character of a trailer field's name, or CR of the empty line.
    case trailerStart
    case trailerName, trailerValue, trailerFeed
    case endFeed
    case end
    case malformed

    /// Whether the position is in the trailer section.
    var isOfTrailer: Bool {
      switch self {
      case .trailerStart, .trailerName, .trailerValue, .trailerFeed, .endFeed, .end: true
      default: false
      }
    }
  }

  /// The state after `byte`, which is not content; `malformed` when it is not allowed here.
  mutating func nextState(_ byte: UInt8) -> State {
    switch state {
    case .firstDigit, .digit:
      return afterSize(byte)
    case .extensionSpace, .nameStart, .name, .nameSpace, .valueStart, .token, .quoted, .escaped,
      .quotedEnd:
      return afterExtension(byte)
    case .sizeFeed:
      guard byte == .lineFeed else { return .malformed }
      return beginChunk()
    case .dataReturn: return byte == .carriageReturn ? .dataFeed : .malformed
    case .dataFeed: return byte == .lineFeed ? .firstDigit : .malformed
    case .trailerStart, .trailerName, .trailerValue, .trailerFeed, .endFeed:
      return afterTrailer(byte)
    case .data, .end, .malformed: return .malformed
    }
  }

  private mutating func afterSize(_ byte: UInt8) -> State {
    if let digit = byte.hexadecimalDigit {
      // Sizes above 60 bits are refused, so the shift never overflows.
      guard remaining < 1 << 56 else { return .malformed }
      remaining = remaining << 4 | Int64(digit)
      return .digit
    }
    return state == .digit ? afterElement(byte, otherwise: .malformed) : .malformed
  }

  /// The state after a byte that follows a chunk-size or a complete chunk-ext.
  private func afterElement(_ byte: UInt8, otherwise: State) -> State {
    switch byte {
    case .carriageReturn: .sizeFeed
    case UInt8(ascii: ";"): .nameStart
    case .space, .horizontalTab: .extensionSpace
    default: otherwise
    }
  }

  private func afterExtension(_ byte: UInt8) -> State {
    switch state {
    case .extensionSpace:
      if byte.isOptionalSpace { return .extensionSpace }
      return byte == UInt8(ascii: ";") ? .nameStart : .malformed
    case .nameStart:
      if byte.isOptionalSpace { return .nameStart }
      return byte.isTokenCharacter ? .name : .malformed
    case .name:
      if byte == UInt8(ascii: "=") { return .valueStart }
      if byte.isOptionalSpace { return .nameSpace }
      return afterElement(byte, otherwise: byte.isTokenCharacter ? .name : .malformed)
    case .nameSpace:
      if byte.isOptionalSpace { return .nameSpace }
      if byte == UInt8(ascii: "=") { return .valueStart }
      return byte == UInt8(ascii: ";") ? .nameStart : .malformed
    case .valueStart:
      if byte.isOptionalSpace { return .valueStart }
      if byte == UInt8(ascii: "\"") { return .quoted }
      return byte.isTokenCharacter ? .token : .malformed
    case .token:
      return afterElement(byte, otherwise: byte.isTokenCharacter ? .token : .malformed)
    case .quoted:
      if byte == UInt8(ascii: "\"") { return .quotedEnd }
      if byte == UInt8(ascii: "\\") { return .escaped }
      return byte.isFieldValueCharacter ? .quoted : .malformed
    case .escaped:
      return byte.isFieldValueCharacter ? .quoted : .malformed
    default:
      return afterElement(byte, otherwise: .malformed)
    }
  }

  /// The state after a chunk's first line: its data, or the trailer section after the last chunk.
  private mutating func beginChunk() -> State {
    guard remaining > 0 else {
      overhead = 0
      return .trailerStart
    }
    let allowance = remaining &+ Int64(Self.overheadAllowancePerChunk)
    overhead = Int32(max(0, Int64(overhead) &- allowance))
    return .data
  }

  private func afterTrailer(_ byte: UInt8) -> State {
    switch state {
    case .trailerStart:
      if byte == .carriageReturn { return .endFeed }
      return byte.isTokenCharacter ? .trailerName : .malformed
    case .trailerName:
      if byte == UInt8(ascii: ":") { return .trailerValue }
      return byte.isTokenCharacter ? .trailerName : .malformed
    case .trailerValue:
      if byte == .carriageReturn { return .trailerFeed }
      return byte.isFieldValueCharacter ? .trailerValue : .malformed
    case .trailerFeed:
      return byte == .lineFeed ? .trailerStart : .malformed
    default:
      return byte == .lineFeed ? .end : .malformed
    }
  }
}

extension UInt8 {
  /// The value of a hexadecimal digit; nil for any other byte.
  var hexadecimalDigit: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// Whether the byte is allowed in a field value or a quoted-string (RFC 9110 §5.5, §5.6.4).
  fileprivate var isFieldValueCharacter: Bool {
    self >= 0x20 && self != 0x7F || self == .horizontalTab
  }
}
