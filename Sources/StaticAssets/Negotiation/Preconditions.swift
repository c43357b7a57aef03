/// The preconditions of a GET or HEAD request, in their order of precedence.
///
/// Source: RFC 9110 §13.2.2 (order), §13.1 (the fields).
enum Preconditions {
  /// The result of the evaluation.
  enum Outcome {
    /// 200 with the whole representation.
    case whole
    /// The ranges in `Range`.
    case range
    /// 304.
    case notModified
    /// 412.
    case failed
  }

  /// Evaluates the preconditions against the selected representation.
  ///
  /// - Parameters:
  ///   - head: a GET or HEAD request.
  ///   - bytes: the buffer that `head` was parsed from.
  ///   - entityTag: the representation's strong tag with its quotes; empty when it has none.
  ///   - modified: its `Last-Modified` in seconds since 1970; nil when it has none.
  ///   - isOnlyRepresentation: whether the file has no other representation.
  static func evaluate(
    _ head: RequestHead,
    in bytes: Span<UInt8>,
    entityTag: Span<UInt8>,
    modified: Int64?,
    isOnlyRepresentation: Bool
  ) -> Outcome {
    let present = head.present
    // Steps 1 and 2. `If-Unmodified-Since` is ignored when there is `If-Match` (§13.1.4).
    if present.contains(.ifMatch) {
      let isListed = list(.ifMatch, head, bytes, contains: entityTag)
      guard isListed else { return .failed }
    } else if let modified, let since = date(.ifUnmodifiedSince, head, bytes, modified) {
      guard modified <= since else { return .failed }
    }
    // Steps 3 and 4. `If-Modified-Since` is ignored when there is `If-None-Match` (§13.1.3).
    if present.contains(.ifNoneMatch) {
      let isListed = list(.ifNoneMatch, head, bytes, contains: entityTag)
      guard !isListed else { return .notModified }
    } else if let modified, let since = date(.ifModifiedSince, head, bytes, modified) {
      guard modified > since else { return .notModified }
    }
    // Step 5. `Range` is defined for GET only (§14.2).
    guard present.contains(.range), head.method == .get, !head.repeated.contains(.range),
      ifRangeMatches(head, bytes, entityTag, isOnlyRepresentation ? modified : nil)
    else { return .whole }
    return .range
  }

  /// Whether `If-Range` permits the range: it is absent or matches the selected representation.
  ///
  /// An entity tag must be strong and identical; a date must equal `Last-Modified`, as in nginx and
  /// Go. Any other value and a repeated field do not match: sending the whole representation is
  /// always correct, and a range of another content would corrupt the client's copy.
  ///
  /// If a file has several representations, its date does not match: they share the date, so it is
  /// not a strong validator (§8.8.1).
  ///
  /// Source: RFC 9110 §13.1.5.
  private static func ifRangeMatches(
    _ head: RequestHead,
    _ bytes: Span<UInt8>,
    _ entityTag: Span<UInt8>,
    _ modified: Int64?
  ) -> Bool {
    guard head.present.contains(.ifRange) else { return true }
    guard !head.repeated.contains(.ifRange) else { return false }
    let value = head.ifRange.range
    if !entityTag.isEmpty, EntityTag.equal(bytes, value, entityTag) { return true }
    guard let modified else { return false }
    return HTTPDate.parse(bytes, value, now: modified) == modified
  }

  /// Whether the list of `field` contains `tag`, by the strong comparison for `If-Match` and the
  /// weak one for `If-None-Match`.
  private static func list(
    _ field: RequestHead.Fields,
    _ head: RequestHead,
    _ bytes: Span<UInt8>,
    contains tag: Span<UInt8>
  ) -> Bool {
    let isMatch = field == .ifMatch
    let comparison = isMatch ? EntityTag.Comparison.strong : .weak
    guard head.repeated.contains(field) else {
      let value = isMatch ? head.ifMatch : head.ifNoneMatch
      return EntityTag.list(bytes, value.range, contains: tag, by: comparison)
    }
    var isFound = false
    head.forEachValue(of: isMatch ? "if-match" : "if-none-match", in: bytes) { value in
      isFound = isFound || EntityTag.list(bytes, value.range, contains: tag, by: comparison)
    }
    return isFound
  }

  /// The date of `field`; nil when the field is absent or ignored, because the date is invalid or
  /// the field spans several lines (§13.1.3, §13.1.4).
  ///
  /// The century of a two-digit year is derived from `modified`: the current time is not needed.
  private static func date(
    _ field: RequestHead.Fields,
    _ head: RequestHead,
    _ bytes: Span<UInt8>,
    _ modified: Int64
  ) -> Int64? {
    guard head.present.contains(field), !head.repeated.contains(field) else { return nil }
    let value = field == .ifModifiedSince ? head.ifModifiedSince : head.ifUnmodifiedSince
    return HTTPDate.parse(bytes, value.range, now: modified)
  }
}
