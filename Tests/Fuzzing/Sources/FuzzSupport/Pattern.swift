/// A regular expression as a tree, matched by backtracking in the order of Perl and Python.
///
/// Slow, but simple enough to be evidently right: a reference for the single-pass scanners and
/// parsers.
public indirect enum Pattern: Sendable {
  /// A character of a set.
  case one(@Sendable (Unicode.Scalar) -> Bool)
  case sequence([Pattern])
  /// The first alternative that leads to a match.
  case either([Pattern])
  /// Greedy repetition.
  case many(Pattern, min: Int = 0, max: Int = .max)
  /// Non-greedy repetition.
  case few(Pattern)
  /// Captured as `Match.url`.
  case url(Pattern)
  /// Captured for `sameQuote`.
  case quote(Pattern)
  case sameQuote
  /// `^` and `$` in multiline mode.
  case lineStart, lineEnd

  /// Exactly the characters of `text`.
  public static func text(_ text: String) -> Pattern {
    .sequence(text.unicodeScalars.map { scalar in .one { $0 == scalar } })
  }

  /// One of the characters of `text`.
  public static func one(of text: String) -> Pattern {
    .one { text.unicodeScalars.contains($0) }
  }

  /// Any character but those of `text`.
  public static func one(notOf text: String) -> Pattern {
    .one { !text.unicodeScalars.contains($0) }
  }

  /// Optional.
  public static func maybe(_ pattern: Pattern) -> Pattern { .many(pattern, max: 1) }
}

/// The result of a pattern.
public struct Match: Equatable {
  /// The whole match, as indices of characters.
  public let range: Range<Int>
  public let url: Range<Int>?
}

/// Tries patterns on one text.
public struct PatternMatcher {
  private let text: [Unicode.Scalar]
  /// Whether an attempt reached the end of the text where more text could have continued the match.
  public private(set) var hasHitEnd = false

  private struct Captures {
    var url: Range<Int>?
    var quote: Range<Int>?
  }

  private typealias Next = (inout PatternMatcher, Int, Captures) -> Match?

  public init(_ text: [Unicode.Scalar]) {
    self.text = text
  }

  /// The match of `pattern` at `start`.
  public mutating func match(_ pattern: Pattern, at start: Int) -> Match? {
    hasHitEnd = false
    return match(pattern, start, Captures()) { _, end, captures in
      Match(range: start..<end, url: captures.url)
    }
  }

  /// All non-overlapping matches of `pattern`, from left to right.
  public mutating func matches(of pattern: Pattern) -> [Match] {
    var matches: [Match] = []
    var index = 0
    while index < text.count {
      if let found = match(pattern, at: index), !found.range.isEmpty {
        matches.append(found)
        index = found.range.upperBound
      } else {
        index += 1
      }
    }
    return matches
  }

  private mutating func match(
    _ pattern: Pattern,
    _ index: Int,
    _ captures: Captures,
    _ next: Next
  ) -> Match? {
    switch pattern {
    case .one(let isWanted):
      guard index < text.count else {
        hasHitEnd = true
        return nil
      }
      return isWanted(text[index]) ? next(&self, index + 1, captures) : nil
    case .sequence(let parts):
      return match(parts[...], index, captures, next)
    case .either(let patterns):
      for pattern in patterns {
        if let found = match(pattern, index, captures, next) { return found }
      }
      return nil
    case .many(let pattern, let min, let max):
      return matchMany(pattern, min, max, index, captures, next)
    case .few(let pattern):
      return next(&self, index, captures)
        ?? match(pattern, index, captures) { matcher, end, captures in
          matcher.match(.few(pattern), end, captures, next)
        }
    case .url(let pattern):
      return match(pattern, index, captures) { matcher, end, captures in
        next(&matcher, end, Captures(url: index..<end, quote: captures.quote))
      }
    case .quote(let pattern):
      return match(pattern, index, captures) { matcher, end, captures in
        next(&matcher, end, Captures(url: captures.url, quote: index..<end))
      }
    case .sameQuote:
      let quote = text[captures.quote ?? 0..<0]
      let end = index + quote.count
      return text[index...].starts(with: quote) ? next(&self, end, captures) : nil
    case .lineStart:
      return index == 0 || text[index - 1] == "\n" ? next(&self, index, captures) : nil
    case .lineEnd:
      return index == text.count || text[index] == "\n" ? next(&self, index, captures) : nil
    }
  }

  private mutating func match(
    _ parts: ArraySlice<Pattern>,
    _ index: Int,
    _ captures: Captures,
    _ next: Next
  ) -> Match? {
    guard let first = parts.first else { return next(&self, index, captures) }
    return match(first, index, captures) { matcher, end, captures in
      matcher.match(parts.dropFirst(), end, captures, next)
    }
  }

  private mutating func matchMany(
    _ pattern: Pattern,
    _ min: Int,
    _ max: Int,
    _ index: Int,
    _ captures: Captures,
    _ next: Next
  ) -> Match? {
    let longer =
      max == 0
      ? nil
      : match(pattern, index, captures) { matcher, end, captures in
        // Repeating an empty match would never end.
        guard end > index else { return nil }
        let (min, max) = (Swift.max(0, min - 1), max == .max ? max : max - 1)
        return matcher.matchMany(pattern, min, max, end, captures, next)
      }
    return longer ?? (min == 0 ? next(&self, index, captures) : nil)
  }
}
