/// The operator's redirects.
extension FileTable {
  /// The maximum length of `Location`, in bytes; the head must fit a buffer.
  static let locationByteCountMax = 16384

  /// The redirect for the percent-decoded path in `range` of `path`; nil when no rule matches.
  ///
  /// A path that servers interpret differently gets none, because its values could change the
  /// target.
  @inline(never)
  func planRedirect(
    _ head: RequestHead,
    in bytes: Span<UInt8>,
    path: Span<UInt8>,
    _ range: Range<Int>
  ) -> ResponsePlan? {
    guard let match = routes.redirects.find(path, range, in: arena),
      Self.hasOneReading(bytes, head.path.range),
      location(match, for: head, in: bytes).count <= Self.locationByteCountMax
    else { return nil }
    return ResponsePlan(
      status: routes.redirects.rules[match.rule].status,
      head: routes.redirects.heads[match.rule],
      body: .none,
      completion: .redirect(rule: match.rule)
    )
  }

  /// The redirect of a rule that comes before files; nil when no such rule matches.
  ///
  /// The rule may protect the files, so a path that servers interpret differently gets 404.
  @inline(never)
  func planForcedRedirect(
    _ head: RequestHead,
    in bytes: Span<UInt8>,
    path: Span<UInt8>,
    _ range: Range<Int>
  ) -> ResponsePlan? {
    guard let match = routes.redirects.find(path, range, in: arena),
      routes.redirects.rules[match.rule].isForced
    else { return nil }
    return planRedirect(head, in: bytes, path: path, range)
      ?? fixed.notFound.answering(head.method)
  }

  /// The value of `Location` in the response to a request that matches a rule of
  /// `Options.redirects`.
  ///
  /// - Parameters:
  ///   - rule: the rule of the plan's completion.
  ///   - head: the request.
  ///   - bytes: the buffer that `head` was parsed from.
  package func location(
    ofRedirect rule: Int,
    for head: RequestHead,
    in bytes: Span<UInt8>
  ) -> [UInt8] {
    let path = withPath(of: head, in: bytes) { path, range in range.map { path[$0] } }
    guard let path, let values = routes.redirects.rules[rule].values(for: path) else { return [] }
    return location(RedirectTable.Match(rule: rule, values: values), for: head, in: bytes)
  }

  private func location(
    _ match: RedirectTable.Match,
    for head: RequestHead,
    in bytes: Span<UInt8>
  ) -> [UInt8] {
    // Bytes beyond ASCII, which clients may send unencoded, are percent-encoded (RFC 3986 §2.1).
    let query = (head.path.range.upperBound..<head.target.range.upperBound).flatMap { index in
      bytes[index] < 0x80 ? [bytes[index]] : PercentEncoding.segment([bytes[index]])
    }
    let rule = routes.redirects.rules[match.rule]
    let location = rule.location(match.values, query: query)
    // A query that makes the value too long is left out.
    return location.count <= Self.locationByteCountMax ? location : rule.location(match.values)
  }

  private static func hasOneReading(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard PathReadings.mayDiffer(bytes, range) else { return true }
    let readings = PathReadings(bytes, range)
    return !readings.isHostile && readings.all.allSatisfy { $0 == readings.all[0] }
  }

  /// Throws `AssetError.redirectLoops` if a rule leads back to itself through the rules, or through
  /// more than 20 redirects, the limit of browsers.
  func refuseRedirectLoops() throws(AssetError) {
    var mistakes: [RedirectRules.Mistake] = []
    for rule in routes.redirects.rules {
      // The value of `*` may be empty.
      for splat in rule.hasSplat ? ["x", ""] : [""]
      where leadsInCircle(rule, splat, isDistinct: false)
        || leadsInCircle(rule, splat, isDistinct: true)
      {
        mistakes.append(
          RedirectRules.Mistake(
            line: rule.line,
            reason: "it leads to itself again; change its target"
          )
        )
        break
      }
    }
    guard mistakes.isEmpty else { throw .redirectLoops(mistakes) }
  }

  /// Whether a request for a path of `rule` is redirected without an end.
  ///
  /// - Parameter isDistinct: whether each placeholder gets a value of its own; a rule that exchanges
  ///   two values leads nowhere if they are equal.
  private func leadsInCircle(_ rule: RedirectRule, _ splat: String, isDistinct: Bool) -> Bool {
    var values: [String: ArraySlice<UInt8>] = [RedirectRule.splat: Array(splat.utf8)[...]]
    for (number, segment) in rule.segments.enumerated() {
      guard case .placeholder(let name) = segment else { continue }
      values[name] = Array((isDistinct ? "x\(number)" : "x").utf8)[...]
    }
    var next = rule.localPath(values)
    for _ in 0..<20 {
      guard let path = next else { return false }
      let span = path.span
      let range = 0..<path.count
      guard entry(at: span, range) == nil, !isAppPath(span, range),
        let match = routes.redirects.find(span, range, in: arena)
      else { return false }
      next = routes.redirects.rules[match.rule].localPath(match.values)
    }
    return next != nil
  }
}
