/// What answers for the names below a prefix that no file is called.
struct Territory {
  /// The URL path, in the arena.
  let prefix: ByteSlice
  let kind: FileTable.Mount.Kind
}

/// Answers to requests for names that no file is called.
///
/// The territories stand with the longest prefix first, so the first that holds the path decides;
/// of equal ones a collected root's, where an unknown name is the mistake of a page.
extension FileTable {
  /// The answer to a request whose path, in `range` of `path`, was not found.
  @inline(never)
  func planUnknown(
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
      return fixed.notFound.answering(head.method)
    case .public:
      guard let fallback, head.method == .get || head.method == .head,
        Self.isNavigation(path, range)
      else { return nil }
      return plan(for: head, in: bytes, fallback)
    }
  }

  /// The answer for the file whose hashed name the path is, in development; nil when it is none.
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

  /// The file whose hashed name `path` is; nil when it is none.
  func entry(hashed path: [UInt8]) -> FileEntry? {
    guard answersHashedNames, let plain = PlainPaths.plain(path) else { return nil }
    return entry(at: plain.span, 0..<plain.count)
  }

  /// The answer to a request whose path cannot be decoded: whose it is shows in its undecoded
  /// start.
  func planUndecodable(_ head: RequestHead, in bytes: Span<UInt8>) -> ResponsePlan? {
    guard let kind = kindOfTerritory(bytes, head.path.range), kind != .public else { return nil }
    return fixed.notFound.answering(head.method)
  }

  /// Whether some read the path, still encoded in `range` of `bytes`, as a collected root's and
  /// others as somebody else's, or nobody should read it at all.
  @inline(never)
  func isAmbiguous(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard refusesAmbiguousPaths, PathReadings.mayDiffer(bytes, range) else { return false }
    let readings = PathReadings(bytes, range)
    let owners = readings.all.map { path in
      switch kindOfTerritory(path.span, 0..<path.count) {
      case .collected, .source: true
      case .public, nil: false
      }
    }
    return readings.isHostile || owners.contains { $0 != owners[0] }
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

  /// Whether a path may be a page of a single-page app: its last segment has no dot, and none
  /// begins with one.
  ///
  /// The path alone decides, so that caches need no `Vary`. A script that is gone must not be
  /// answered with a page, which browsers refuse to run and caches would keep.
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
