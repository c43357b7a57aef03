/// The preconditions of a GET or HEAD request, in the order in which they count.
///
/// Source: RFC 9110 §13.2.2 (order), §13.1 (the fields).
enum Preconditions {
  /// What is to be answered.
  enum Outcome {
    /// 200.
    case whole
    /// What `Range` asks for.
    case range
    /// 304.
    case notModified
    /// 412.
    case failed
  }

  /// Evaluates the fields of `head` against the current representation.
  ///
  /// - Parameters:
  ///   - head: a GET or HEAD request, parsed from `bytes`.
  ///   - entityTag: the representation's strong tag with its quotes; empty when it has none.
  ///   - modified: seconds since 1970; nil when it has no modification date.
  ///   - isOnlyForm: whether the file has no other representation.
  static func evaluate(
    _ head: RequestHead,
    in bytes: Span<UInt8>,
    entityTag: Span<UInt8>,
    modified: Int64?,
    isOnlyForm: Bool
  ) -> Outcome {
    let present = head.present
    // Steps 1 and 2. The tags decide alone where there are any (§13.1.4).
    if present.contains(.ifMatch) {
      let isListed = list(.ifMatch, head, bytes, contains: entityTag)
      guard isListed else { return .failed }
    } else if let modified, let since = date(.ifUnmodifiedSince, head, bytes, modified) {
      guard modified <= since else { return .failed }
    }
    // Steps 3 and 4; likewise (§13.1.3).
    if present.contains(.ifNoneMatch) {
      let isListed = list(.ifNoneMatch, head, bytes, contains: entityTag)
      guard !isListed else { return .notModified }
    } else if let modified, let since = date(.ifModifiedSince, head, bytes, modified) {
      guard modified > since else { return .notModified }
    }
    // Step 5. A range is defined for GET alone (§14.2).
    guard present.contains(.range), head.method == .get, !head.repeated.contains(.range),
      holdsIfRange(head, bytes, entityTag, isOnlyForm ? modified : nil)
    else { return .whole }
    return .range
  }

  /// Whether `If-Range` lets the range be sent: it is absent or names the current representation.
  ///
  /// A tag must be the same and strong, a date the same second as `Last-Modified`, which is what
  /// nginx and Go ask for. That a file changes twice in a second does not show in its date; that
  /// another coding was chosen would not either, so that of a file with several the date is no
  /// strong validator (§8.8.1) and does not hold. Anything else, also a repeated field, does not
  /// hold: the whole is never wrong, and a wrong part spoils what the client has.
  ///
  /// Source: RFC 9110 §13.1.5.
  private static func holdsIfRange(
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

  /// Whether the list of `field` holds `tag`: for `If-Match` by the strong comparison, as what
  /// is not the same byte for byte does not match; for `If-None-Match` by the weak one.
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

  /// The date of `field`; nil when it is absent or to be ignored: no valid date, or several lines
  /// (§13.1.3, §13.1.4).
  ///
  /// A two-digit year is the only thing that depends on today; the file's own year will do.
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
