internal import StaticAssets

/// The content coding in a log line: `br`, or an app's `Content-Encoding`.
///
/// At most 16 bytes, none of which needs escaping.
struct LogCoding: BitwiseCopyable {
  private var bytes = InlineArray<16, UInt8>(repeating: 0)
  private var count: UInt8 = 0

  /// No coding.
  init() {}

  /// A coding of a file.
  @inline(always)
  init(_ coding: ContentCoding) {
    guard coding != .identity else { return }
    let token = coding.token
    precondition(token.utf8CodeUnitCount <= bytes.count)
    for index in 0..<token.utf8CodeUnitCount {
      // `index` is below the length of the literal.
      unsafe bytes[index] = token.utf8Start[index]
    }
    count = UInt8(token.utf8CodeUnitCount)
  }

  /// The token characters at the start of an app's `Content-Encoding`.
  init(_ source: Span<UInt8>, _ slice: ByteSlice) {
    for index in slice.range.prefix(bytes.count) {
      let byte = source[index] | 0x20
      guard byte.isAlphanumeric || byte == UInt8(ascii: "-") else { break }
      bytes[Int(count)] = byte
      count += 1
    }
    if isSame("identity") { count = 0 }
  }

  /// Whether the content has no coding.
  var isIdentity: Bool { count == 0 }

  /// The counter for responses in this coding.
  var counter: Counter {
    if isIdentity { return .identityResponses }
    for coding in ContentCoding.allCases where isSame(coding.token) { return Counter(coding) }
    return .otherCodingResponses
  }

  private func isSame(_ token: StaticString) -> Bool {
    guard Int(count) == token.utf8CodeUnitCount else { return false }
    // `index` is below the length of the literal.
    return (0..<Int(count)).allSatisfy { unsafe bytes[$0] == token.utf8Start[$0] }
  }

  /// Appends the token to `buffer`, which must have room for 16 bytes.
  func append(to buffer: inout ByteBuffer) {
    guard !isIdentity else {
      buffer.append("identity")
      return
    }
    for index in 0..<Int(count) { buffer.append(bytes[index]) }
  }
}
