import Testing

@testable import StaticAssets

/// Preconditions, alone and together.
///
/// Goal: every clause of RFC 9110 §13.1 and the order of §13.2.2. Method: a table; the current
/// representation has the tag `"abc"` and was modified on Sun, 06 Nov 1994 08:49:37 GMT.
@Suite struct PreconditionsTests {
  typealias Outcome = Preconditions.Outcome

  struct Row: Sendable, CustomTestStringConvertible {
    let fields: [String]
    let expected: Outcome
    init(_ fields: String..., gives expected: Outcome) {
      self.fields = fields
      self.expected = expected
    }
    var testDescription: String { fields.joined(separator: " | ") }
  }

  static let current = "Sun, 06 Nov 1994 08:49:37 GMT"
  static let earlier = "Sun, 06 Nov 1994 08:49:36 GMT"
  static let later = "Sun, 06 Nov 1994 08:49:38 GMT"

  static let ifMatch: [Row] = [
    Row("If-Match: \"abc\"", gives: .whole),
    Row("If-Match: *", gives: .whole),
    Row("If-Match: \"x\", \"abc\"", gives: .whole),
    Row("If-Match: , \"abc\" ,", gives: .whole),
    Row("If-Match: \"x\"", "If-Match: \"abc\"", gives: .whole),
    Row("If-Match: \"x\"", "X: y", "If-Match: *", gives: .whole),
    Row("If-Match: \"x\"", gives: .failed),
    Row("If-Match: \"x\"", "If-Match: \"y\"", gives: .failed),
    // §13.1.1: the comparison is strong.
    Row("If-Match: W/\"abc\"", gives: .failed),
    Row("If-Match: W/\"abc\", \"x\"", gives: .failed),
    Row("If-Match: W/\"abc\", \"abc\"", gives: .whole),
    // A malformed or empty value matches nothing, so the condition fails: the safe side.
    Row("If-Match: abc", gives: .failed),
    Row("If-Match: \"abc", gives: .failed),
    Row("If-Match: \"ABC\"", gives: .failed),
    Row("If-Match:", gives: .failed),
    Row("If-Match: **", gives: .failed),
  ]

  static let ifUnmodifiedSince: [Row] = [
    Row("If-Unmodified-Since: \(current)", gives: .whole),
    Row("If-Unmodified-Since: \(later)", gives: .whole),
    Row("If-Unmodified-Since: Sunday, 06-Nov-94 08:49:37 GMT", gives: .whole),
    Row("If-Unmodified-Since: \(earlier)", gives: .failed),
    Row("If-Unmodified-Since: Sun Nov  6 08:49:36 1994", gives: .failed),
    // §13.1.4: ignored if it is not a valid date, a list of dates, or beside If-Match.
    Row("If-Unmodified-Since: yesterday", gives: .whole),
    Row("If-Unmodified-Since:", gives: .whole),
    Row("If-Unmodified-Since: \(earlier), \(earlier)", gives: .whole),
    Row("If-Unmodified-Since: \(earlier)", "If-Unmodified-Since: \(earlier)", gives: .whole),
    Row("If-Match: \"abc\"", "If-Unmodified-Since: \(earlier)", gives: .whole),
    Row("If-Match: \"x\"", "If-Unmodified-Since: \(later)", gives: .failed),
  ]

  static let ifNoneMatch: [Row] = [
    Row("If-None-Match: \"abc\"", gives: .notModified),
    Row("If-None-Match: W/\"abc\"", gives: .notModified),
    Row("If-None-Match: *", gives: .notModified),
    Row("If-None-Match: \"x\"", "If-None-Match: \"y\", \"abc\"", gives: .notModified),
    Row("If-None-Match: \"x\"", gives: .whole),
    Row("If-None-Match: abc", gives: .whole),
    Row("If-None-Match:", gives: .whole),
    // §13.1.3: If-Modified-Since is ignored beside If-None-Match, even an empty or malformed one.
    Row("If-None-Match: \"x\"", "If-Modified-Since: \(current)", gives: .whole),
    Row("If-None-Match:", "If-Modified-Since: \(current)", gives: .whole),
    Row("If-None-Match: \"abc\"", "If-Modified-Since: \(earlier)", gives: .notModified),
  ]

  static let ifModifiedSince: [Row] = [
    Row("If-Modified-Since: \(current)", gives: .notModified),
    Row("If-Modified-Since: \(later)", gives: .notModified),
    Row("If-Modified-Since: \(earlier)", gives: .whole),
    Row("If-Modified-Since: \(current)", "If-Modified-Since: \(current)", gives: .whole),
    Row("If-Modified-Since: \(current), \(current)", gives: .whole),
    Row("If-Modified-Since: 784111777", gives: .whole),
    Row("If-Modified-Since:", gives: .whole),
  ]

  static let order: [Row] = [
    // 412 takes precedence over 304 (§13.2.2, steps 1 to 4).
    Row("If-None-Match: \"abc\"", "If-Match: \"x\"", gives: .failed),
    Row("If-None-Match: \"abc\"", "If-Match: \"abc\"", gives: .notModified),
    Row("If-None-Match: *", "If-Unmodified-Since: \(earlier)", gives: .failed),
    Row("If-None-Match: *", "If-Unmodified-Since: \(current)", gives: .notModified),
    Row("If-Modified-Since: \(current)", "If-Unmodified-Since: \(earlier)", gives: .failed),
    Row("If-Modified-Since: \(current)", "If-Unmodified-Since: \(current)", gives: .notModified),
    Row("If-Modified-Since: \(earlier)", "If-Match: \"abc\"", gives: .whole),
    // Both take precedence over the range (step 5).
    Row("Range: bytes=0-0", "If-Match: \"x\"", gives: .failed),
    Row("Range: bytes=0-0", "If-Unmodified-Since: \(earlier)", gives: .failed),
    Row("Range: bytes=0-0", "If-None-Match: \"abc\"", gives: .notModified),
    Row("Range: bytes=0-0", "If-Modified-Since: \(current)", gives: .notModified),
    Row("Range: bytes=0-0", "If-Match: \"abc\"", "If-None-Match: \"x\"", gives: .range),
    Row("Range: bytes=0-0", "If-Unmodified-Since: \(current)", gives: .range),
    Row("Range: bytes=0-0", "If-Modified-Since: \(earlier)", gives: .range),
    Row("Range: bytes=0-0", "If-Match: \"x\"", "If-Range: \"abc\"", gives: .failed),
    Row("Range: bytes=0-0", "If-None-Match: \"abc\"", "If-Range: \"x\"", gives: .notModified),
  ]

  static let ifRange: [Row] = [
    Row("Range: bytes=0-0", gives: .range),
    Row("Range: bytes=0-0", "If-Range: \"abc\"", gives: .range),
    Row("Range: bytes=0-0", "If-Range: \(current)", gives: .range),
    Row("Range: bytes=0-0", "If-Range: Sun Nov  6 08:49:37 1994", gives: .range),
    Row("Range: bytes=0-0", "If-Range: \"x\"", gives: .whole),
    Row("Range: bytes=0-0", "If-Range: \(earlier)", gives: .whole),
    // §13.1.5: the date must be equal, not just later.
    Row("Range: bytes=0-0", "If-Range: \(later)", gives: .whole),
    Row("Range: bytes=0-0", "If-Range: W/\"abc\"", gives: .whole),
    Row("Range: bytes=0-0", "If-Range: *", gives: .whole),
    Row("Range: bytes=0-0", "If-Range: \"abc\", \"x\"", gives: .whole),
    Row("Range: bytes=0-0", "If-Range: \"x\", \"abc\"", gives: .whole),
    Row("Range: bytes=0-0", "If-Range: abc", gives: .whole),
    Row("Range: bytes=0-0", "If-Range:", gives: .whole),
    Row("Range: bytes=0-0", "If-Range: \"abc\"", "If-Range: \"abc\"", gives: .whole),
    Row("If-Range: \"abc\"", gives: .whole),
    Row("If-Range: \"x\"", gives: .whole),
    // §14.2: a repeated Range is invalid. The value of a single one is parsed later.
    Row("Range: bytes=0-0", "Range: bytes=0-0", gives: .whole),
    Row("Range: bytes=0-0", "X: y", "range: bytes=5-5", "If-Range: \"abc\"", gives: .whole),
    Row("Range:", gives: .range),
    Row("X: y", gives: .whole),
  ]

  private func evaluate(
    _ fields: [String],
    method: String = "GET",
    modified: Int64? = 784_111_777,
    isOnlyRepresentation: Bool = true
  ) -> Outcome {
    let lines = fields.map { $0 + "\r\n" }.joined()
    let bytes = Array("\(method) / HTTP/1.1\r\nHost: x\r\n\(lines)\r\n".utf8)
    let tag = Array("\"abc\"".utf8)
    var head = RequestHead()
    let outcome = RequestHeadParser.parse(bytes.span, limits: RequestLimits(), into: &head)
    precondition(outcome == .complete)
    return Preconditions.evaluate(
      head,
      in: bytes.span,
      entityTag: tag.span,
      modified: modified,
      isOnlyRepresentation: isOnlyRepresentation
    )
  }

  @Test(
    "the outcome does not depend on the order of the lines",
    arguments: ifMatch + ifUnmodifiedSince + ifNoneMatch + ifModifiedSince + order + ifRange
  )
  func outcome(row: Row) {
    #expect(evaluate(row.fields) == row.expected)
    #expect(evaluate(row.fields.reversed()) == row.expected)
    // Range applies only to GET (§14.2); all else is the same for HEAD.
    let expected = row.expected == .range ? .whole : row.expected
    #expect(evaluate(row.fields, method: "HEAD") == expected)
  }

  @Test(
    "without a modification date, date conditions are ignored",
    arguments: [
      Row("If-Unmodified-Since: \(earlier)", gives: .whole),
      Row("If-Modified-Since: \(later)", gives: .whole),
      Row("Range: bytes=0-0", "If-Range: \(current)", gives: .whole),
      Row("Range: bytes=0-0", "If-Range: \"abc\"", gives: .range),
      Row("If-Match: \"x\"", gives: .failed),
    ]
  )
  func withoutDate(row: Row) {
    #expect(evaluate(row.fields, modified: nil) == row.expected)
  }

  @Test(
    "for several representations, their shared date does not identify the client's",
    arguments: [
      Row("Range: bytes=0-0", "If-Range: \(current)", gives: .whole),
      Row("Range: bytes=0-0", "If-Range: \"abc\"", gives: .range),
      Row("Range: bytes=0-0", gives: .range),
      Row("If-Modified-Since: \(current)", gives: .notModified),
    ]
  )
  func severalForms(row: Row) {
    #expect(evaluate(row.fields, isOnlyRepresentation: false) == row.expected)
  }
}
