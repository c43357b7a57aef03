/// The redirects of a table, prepared for lookup by path.
///
/// Exact rules are found by one lookup. The literal prefixes of the other rules are in the arena
/// and are compared first, which neither allocates nor counts references.
struct RedirectTable: ~Copyable, Sendable {
  let rules: [RedirectRule]
  /// The heads of the responses, by rule, up to the value of `Location`.
  let heads: FixedArray<HeadTemplate>
  let count: Int
  /// Whether a rule takes precedence over files.
  let hasForced: Bool

  /// The exact rules; the path is without its last slash.
  private let exact: FixedArray<Start>
  private let index: PathIndex
  /// The other rules, in order.
  private let patterns: FixedArray<Start>

  /// The literal prefix of a rule's path.
  struct Start: BitwiseCopyable {
    let prefix: ByteSlice
    let rule: Int
  }

  /// The parts under construction.
  struct Parts {
    var rules: [RedirectRule] = []
    var heads: [HeadTemplate] = []
    var prefixes: [ByteSlice] = []
  }

  init(_ parts: Parts, in arena: borrowing ByteArena) {
    rules = parts.rules
    count = parts.rules.count
    hasForced = parts.rules.contains(where: \.isForced)
    heads = FixedArray(parts.heads)
    let starts = zip(parts.prefixes, parts.rules.indices).map { Start(prefix: $0, rule: $1) }
    let exact = starts.filter { parts.rules[$0.rule].isExact }
    index = PathIndex(exact.map(\.prefix), in: arena)
    self.exact = FixedArray(exact)
    patterns = FixedArray(starts.filter { !parts.rules[$0.rule].isExact })
  }

  /// A rule for a path, and the values of its placeholders.
  struct Match {
    let rule: Int
    let values: [String: ArraySlice<UInt8>]
  }

  /// The first rule for the percent-decoded path in `range` of `path`; nil when there is none.
  ///
  /// A rule that leads to the path itself is ignored: `/a /a/` matches `/a` only.
  @inline(never)
  func find(_ path: Span<UInt8>, _ range: Range<Int>, in arena: borrowing ByteArena) -> Match? {
    guard !range.isEmpty else { return nil }
    let hasSlash = path[range.upperBound &- 1] == UInt8(ascii: "/")
    let key = hasSlash ? range.lowerBound..<(range.upperBound &- 1) : range
    var first = index.find(path, key) { arena.equals(exact[$0].prefix, path, key) }
      .map { exact[$0].rule }
    for number in 0..<patterns.count {
      let start = patterns[number]
      if let rule = first, rule < start.rule {
        if let match = match(rule, path, range) { return match }
        first = nil
      }
      guard arena.covers(start.prefix, path, range) else { continue }
      if let match = match(start.rule, path, range) { return match }
    }
    return first.flatMap { match($0, path, range) }
  }

  private func match(_ number: Int, _ path: Span<UInt8>, _ range: Range<Int>) -> Match? {
    let path = range.map { path[$0] }
    let rule = rules[number]
    guard let values = rule.values(for: path), rule.localPath(values) != path else { return nil }
    return Match(rule: number, values: values)
  }
}

extension RedirectRule {
  /// The path on this server that the rule leads to, percent-decoded; nil for another server.
  func localPath(_ values: [String: ArraySlice<UInt8>]) -> [UInt8]? {
    guard !isAbsolute else { return nil }
    let location = location(values)
    let end = location.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
    var decoded = DecodedPath()
    guard decoded.decode(location.span, 0..<(end ?? location.count)) else { return nil }
    return (0..<decoded.count).map { decoded.bytes[$0] }
  }
}
