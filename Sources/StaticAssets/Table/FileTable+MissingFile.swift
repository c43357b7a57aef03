/// A URL prefix and who answers for missing files below it.
struct Territory {
  /// The URL path, in the arena.
  let prefix: ByteSlice
  let kind: FileTable.Mount.Kind
}

/// Requests for paths that no file has.
///
/// The territories are sorted, the longest prefix first, so the first that contains the path
/// decides. Among equal ones a collected root decides: its 404 shows a broken reference.
extension FileTable {
  /// The response to a request whose path, in `range` of `path`, no entry has.
  @inline(never)
  func planMissingFile(
    _ head: RequestHead,
    in bytes: Span<UInt8>,
    path: Span<UInt8>,
    _ range: Range<Int>
  ) -> ResponsePlan? {
    if answersHashedNames, let plan = planHashed(head, in: bytes, path: path, range) { return plan }
    if isAmbiguous(bytes, head.path.range) { return fixed.badRequest.answering(head.method) }
    guard let kind = kindOfTerritory(path, range) else { return nil }
    switch kind {
    case .collected, .source:
      return leavesUnknownNames ? nil : fixed.notFound.answering(head.method)
    case .public:
      guard let fallback, head.method == .get || head.method == .head,
        Self.isNavigation(path, range)
      else { return nil }
      return plan(for: head, in: bytes, fallback)
    }
  }

  /// The response of the unhashed file if the path is its hashed name; nil otherwise.
  @inline(never)
  private func planHashed(
    _ head: RequestHead,
    in bytes: Span<UInt8>,
    path: Span<UInt8>,
    _ range: Range<Int>
  ) -> ResponsePlan? {
    guard let entry = entry(hashed: range.map { path[$0] }) else { return nil }
    return answer(to: head, in: bytes, entry)
  }

  /// The entry of the file whose hashed name `path` is; nil when there is none.
  func entry(hashed path: [UInt8]) -> FileEntry? {
    guard answersHashedNames, let unhashed = UnhashedPaths.unhashed(path) else { return nil }
    return entry(at: unhashed.span, 0..<unhashed.count)
  }

  /// The response to a request whose path cannot be percent-decoded: its undecoded start tells
  /// which territory it belongs to.
  func planUndecodable(_ head: RequestHead, in bytes: Span<UInt8>) -> ResponsePlan? {
    guard let kind = kindOfTerritory(bytes, head.path.range), kind != .public,
      !leavesUnknownNames
    else { return nil }
    return fixed.notFound.answering(head.method)
  }

  /// Whether a percent-encoded path must be refused: by some readings it is below a collected root
  /// and by others not, or it is hostile in every reading.
  @inline(never)
  func isAmbiguous(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard refusesAmbiguousPaths, PathReadings.mayDiffer(bytes, range) else { return false }
    let readings = PathReadings(bytes, range)
    let isStatic = readings.all.map { path in
      switch kindOfTerritory(path.span, 0..<path.count) {
      case .collected, .source: true
      case .public, nil: false
      }
    }
    return readings.isHostile || isStatic.contains { $0 != isStatic[0] }
  }

  private func kindOfTerritory(_ path: Span<UInt8>, _ range: Range<Int>) -> Mount.Kind? {
    for number in 0..<territories.count {
      let prefix = territories[number].prefix
      guard range.count >= Int(prefix.count) else { continue }
      let start = range.lowerBound..<(range.lowerBound + Int(prefix.count))
      if arena.equals(prefix, path, start) { return territories[number].kind }
    }
    return nil
  }

  /// Whether the path may be a page of a single-page app: the last segment has no dot, and no
  /// segment begins with one.
  ///
  /// Only the path decides, so that caches need no `Vary`. A missing script must be a 404: browsers
  /// refuse to run a page as a script, and caches would store it.
  private static func isNavigation(_ path: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var previous = UInt8(ascii: "/")
    var hasDot = false
    for index in range {
      let byte = path[index]
      if byte == UInt8(ascii: ".") {
        guard previous != UInt8(ascii: "/") else { return false }
        hasDot = true
      } else if byte == UInt8(ascii: "/") {
        hasDot = false
      }
      previous = byte
    }
    return !hasDot
  }
}
