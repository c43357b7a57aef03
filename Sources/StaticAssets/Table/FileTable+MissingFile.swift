/// A URL prefix and the kind of mount that answers for missing files below it.
struct Territory {
  /// The URL path, in the arena.
  let prefix: ByteSlice
  let kind: FileTable.Mount.Kind
}

/// Requests for paths that match no file.
///
/// The order of all rules: the app's own paths, forced redirects, files with their clean URLs,
/// other redirects, then the owner of the path. For a path with an entry the first three were
/// evaluated when the table was built; see `Routes.answerable`.
extension FileTable {
  /// The component that answers for a path without a file.
  enum Owner: Equatable {
    /// The app, before any other rule.
    case app
    /// A collected root or a source: 404.
    case root
    /// The fallback with this index in `Options.fallbacks`.
    case page(Int)
    /// The app with the longest URL path.
    case upstream
    /// The app for all other paths, if there is one; else the fallback that follows it, or 404.
    case rest(isPublic: Bool)
  }

  /// The response to a request whose path, in `range` of `path`, has no entry.
  @inline(never)
  func planMissingFile(
    _ head: RequestHead,
    in bytes: Span<UInt8>,
    path: Span<UInt8>,
    _ range: Range<Int>
  ) -> ResponsePlan? {
    if answersHashedNames, let plan = planHashed(head, in: bytes, path: path, range) { return plan }
    if isAmbiguous(bytes, head.path.range) { return fixed.badRequest.answering(head.method) }
    if isAppPath(path, range) { return nil }
    if isPending, mayBeListed(head, in: bytes, path, range) { return nil }
    guard live != nil else { return planUnknown(head, in: bytes, path: path, range) }
    if routes.redirects.hasForced,
      let plan = planForcedRedirect(head, in: bytes, path: path, range)
    {
      return plan
    }
    if isLeftToLive(path, range) { return nil }
    // A directory of uploads may be named without its slash.
    let isUpload = hasUploads && isAmongUploads(path, range)
    return planUnknown(head, in: bytes, path: path, range, isUpload: isUpload)
  }

  /// The response to a request whose path, in `range` of `path`, has neither an entry nor a file in
  /// a live directory.
  ///
  /// - Parameter isUpload: whether the path belongs to uploads only; a missing one is left to the
  ///   app.
  func planUnknown(
    _ head: RequestHead,
    in bytes: Span<UInt8>,
    path: Span<UInt8>,
    _ range: Range<Int>,
    isUpload: Bool = false
  ) -> ResponsePlan? {
    if isAppPath(path, range) { return nil }
    if routes.redirects.count > 0,
      let plan = planRedirect(head, in: bytes, path: path, range)
    {
      return plan
    }
    guard !isUpload else { return nil }
    switch owner(path, range) {
    case .root:
      if leavesUnknownNames || asksPeers && isForPeers(head, in: bytes, path: path, range) {
        return nil
      }
      return fixed.notFound.answering(head.method)
    case .page(let number):
      guard let page = page(number), page.order == .beforeApp, isPageRequest(head, path, range)
      else { return nil }
      return plan(for: head, in: bytes, page.entry)
    case .app, .upstream, .rest: return nil
    }
  }

  /// The owner of the path in `range` of `path`: the rule with the longest URL path.
  ///
  /// Of equal paths a fallback comes before a root, and a root before an app. A fallback without a
  /// URL path comes last.
  func owner(_ path: Span<UInt8>, _ range: Range<Int>) -> Owner {
    if isAppPath(path, range) { return .app }
    var pageCount = 0
    var pageNumber = -1
    for number in 0..<routes.pages.count
    where arena.covers(routes.pages[number].prefix, path, range) {
      pageCount = Int(routes.pages[number].prefix.count)
      pageNumber = routes.pages[number].number
      break
    }
    var appCount = 0
    for number in 0..<routes.upstreams.count
    where arena.covers(routes.upstreams[number].prefix, path, range) {
      appCount = Int(routes.upstreams[number].prefix.count)
      break
    }
    var rootCount = 0
    let territory = territory(path, range)
    let isPublic = territory.map { $0.kind == .public } ?? false
    if let territory, !isPublic { rootCount = Int(territory.prefix.count) }
    if pageCount > 0, pageCount >= rootCount, pageCount >= appCount { return .page(pageNumber) }
    if rootCount > 0, rootCount >= appCount { return .root }
    if appCount > 0 { return .upstream }
    if isPublic, let page = routes.plainPage, page.order == .beforeApp { return .page(page.number) }
    return .rest(isPublic: isPublic)
  }

  /// Whether the path belongs to the app before any other rule.
  @inline(always)
  func isAppPath(_ path: Span<UInt8>, _ range: Range<Int>) -> Bool {
    routes.isAppPath(path, range, in: arena)
  }

  /// The response of the unhashed file if the path is its hashed name; nil otherwise.
  @inline(never)
  private func planHashed(
    _ head: RequestHead,
    in bytes: Span<UInt8>,
    path: Span<UInt8>,
    _ range: Range<Int>
  ) -> ResponsePlan? {
    guard !isAppPath(path, range), let entry = entry(hashed: range.map { path[$0] }) else {
      return nil
    }
    return answer(to: head, in: bytes, entry)
  }

  /// The entry of the file whose hashed name `path` is; nil when there is none.
  func entry(hashed path: [UInt8]) -> FileEntry? {
    guard answersHashedNames, let unhashed = UnhashedPaths.unhashed(path) else { return nil }
    return entry(at: unhashed.span, 0..<unhashed.count)
  }

  /// The response to a request whose path cannot be percent-decoded: the undecoded path selects the
  /// territory.
  func planUndecodable(_ head: RequestHead, in bytes: Span<UInt8>) -> ResponsePlan? {
    guard !isPending, owner(bytes, head.path.range) == .root, !leavesUnknownNames else {
      return nil
    }
    return fixed.notFound.answering(head.method)
  }

  /// Whether a percent-encoded path must be rejected: its readings have different claims, or it
  /// contains a NUL or leads above the root.
  @inline(never)
  func isAmbiguous(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard refusesAmbiguousPaths, PathReadings.mayDiffer(bytes, range) else { return false }
    let readings = PathReadings(bytes, range)
    let claims = readings.all.map { claim($0.span, 0..<$0.count) }
    return readings.isHostile || claims.contains { $0 != claims[0] }
  }

  /// The access decisions that depend on the path; another spelling of it must not change them.
  private struct Claim: Equatable {
    let isApp: Bool
    let isRoot: Bool
    let upstream: Int
  }

  private func claim(_ path: Span<UInt8>, _ range: Range<Int>) -> Claim {
    let isRoot = territory(path, range).map { $0.kind != .public } ?? false
    return Claim(
      isApp: isAppPath(path, range),
      isRoot: isRoot,
      upstream: upstream(path, range)
    )
  }

  func territory(_ path: Span<UInt8>, _ range: Range<Int>) -> Territory? {
    for number in 0..<territories.count {
      let prefix = territories[number].prefix
      guard range.count >= Int(prefix.count) else { continue }
      let start = range.lowerBound..<(range.lowerBound + Int(prefix.count))
      if arena.equals(prefix, path, start) { return territories[number] }
    }
    return nil
  }
}
