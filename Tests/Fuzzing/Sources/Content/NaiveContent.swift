import FuzzSupport

/// Content of `length` bytes.
func naiveLength(_ text: [UInt8], _ length: Int) -> Reading {
  let content = Array(text.prefix(length))
  let outcome = content.count == length ? Reading.Outcome.end : .incomplete
  return Reading(outcome: outcome, content: content, byteCount: content.count)
}

/// The chunks of RFC 9112 §7.1, by its grammar.
func naiveChunks(_ text: [UInt8]) -> Reading {
  var result = Reading()
  var matcher = PatternMatcher(text.map { Unicode.Scalar($0) })
  var index = 0

  /// Matches `pattern` at the current position and advances; if it does not match, records why.
  func take(_ pattern: Pattern) -> Match? {
    let found = matcher.match(pattern, at: index)
    index = found?.range.upperBound ?? index
    if found == nil {
      result.outcome = matcher.hasHitEnd ? .incomplete : .malformed
      result.byteCount = matcher.hasHitEnd ? text.count : 0
    }
    return found
  }

  while let digits = take(ChunkGrammar.line)?.url {
    let size = Int(String(decoding: text[digits], as: UTF8.self), radix: 16)!
    guard size > 0 else {
      guard take(ChunkGrammar.trailers) != nil else { return result }
      result.outcome = .end
      result.byteCount = index
      return result
    }
    let data = text[index...].prefix(size)
    result.content += data
    index += data.count
    guard data.count == size else { break }
    guard take(.text("\r\n")) != nil else { return result }
  }
  if result.outcome == .incomplete { result.byteCount = text.count }
  return result
}

private enum ChunkGrammar {
  /// The size, of at most 60 bits, and its extensions.
  static let line = Pattern.sequence([
    .url(size), .many(chunkExtension), .text("\r\n"),
  ])

  static let trailers = Pattern.sequence([
    .many(.sequence([token, .one(of: ":"), .many(value), .text("\r\n")])), .text("\r\n"),
  ])

  private static let size = Pattern.either([
    .sequence([.many(.one(of: "0")), digit(zero: false), .many(digit(zero: true), max: 14)]),
    .many(.one(of: "0"), min: 1),
  ])

  private static let chunkExtension = Pattern.sequence([
    space, .one(of: ";"), space, token,
    .maybe(.sequence([space, .one(of: "="), space, .either([token, quoted])])),
  ])

  private static let quoted = Pattern.sequence([
    .one(of: "\""),
    .many(
      .either([
        .one { isValueCharacter($0) && $0 != "\"" && $0 != "\\" },
        .sequence([.one(of: "\\"), value]),
      ])
    ),
    .one(of: "\""),
  ])

  private static let space = Pattern.many(.one(of: " \t"))
  private static let value = Pattern.one(isValueCharacter)

  private static let token = Pattern.many(
    .one { scalar in
      "!#$%&'*+-.^_`|~".unicodeScalars.contains(scalar) || isLetterOrDigit(scalar)
    },
    min: 1
  )

  private static func digit(zero: Bool) -> Pattern {
    .one(of: (zero ? "0" : "") + "123456789abcdefABCDEF")
  }

  @Sendable private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "0"..."9", "a"..."z", "A"..."Z": true
    default: false
    }
  }

  @Sendable private static func isValueCharacter(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\t" || (scalar >= " " && scalar != "\u{7F}")
  }
}
