/// Requests for hashed names that this replica lacks, and a replica of another release may have.
extension FileTable {
  /// The item of `CDN-Loop` that marks a request which a replica has asked another one for.
  ///
  /// Source: RFC 8586 §2.
  package static let peerMark: StaticString = "staticd-peer"

  /// Whether a request that `plan` leaves is to be asked of the replicas beside this one.
  ///
  /// It is a GET or HEAD without content for a name below a collected root that looks as if it changed
  /// with its content, and no replica has asked for it.
  ///
  /// - Parameters:
  ///   - head: a parsed request.
  ///   - bytes: the buffer that `head` was parsed from.
  package func isForPeers(_ head: RequestHead, in bytes: Span<UInt8>) -> Bool {
    guard asksPeers else { return false }
    return withPath(of: head, in: bytes) { path, range in
      owner(path, range) == .root && isForPeers(head, in: bytes, path: path, range)
    } ?? false
  }

  /// The same for the path in `range` of `path`, which belongs to a collected root and which no entry
  /// has.
  @inline(never)
  func isForPeers(
    _ head: RequestHead,
    in bytes: Span<UInt8>,
    path: Span<UInt8>,
    _ range: Range<Int>
  ) -> Bool {
    guard asksPeers, head.method == .get || head.method == .head, head.content.isNone,
      looksHashed(path, range)
    else { return false }
    return !Self.hasPeerMark(head, in: bytes)
  }

  /// Whether an app or a peer is to get a request which `plan` leaves.
  @inline(never)
  package func isForOthers(_ head: RequestHead, in bytes: Span<UInt8>) -> Bool {
    upstream(for: head, in: bytes) != nil || isForPeers(head, in: bytes)
  }

  /// Whether the app answers for the names below a collected root that no file has.
  package var leavesNamesToApp: Bool { leavesUnknownNames }

  /// The 404 for a name that neither this replica nor another one has.
  package func notFound(_ method: RequestMethod) -> ResponsePlan {
    fixed.notFound.answering(method)
  }

  /// Whether a name looks as those do that are immutable: it has the digest that Django gives, or
  /// matches `Options.immutableNames`.
  private func looksHashed(_ path: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let whole = range.map { path[$0] }
    guard UnhashedPaths.unhashed(whole) == nil else { return true }
    guard !options.immutableNames.isEmpty, let territory = territory(path, range) else {
      return false
    }
    let name = BytePath(whole.dropFirst(Int(territory.prefix.count)))
    let characters = PythonCharacters.of(name.bytes)
    return options.immutableNames.contains {
      ImmutableNameMatcher($0).matches(name, characters)
    }
  }

  private static func hasPeerMark(_ head: RequestHead, in bytes: Span<UInt8>) -> Bool {
    var isMarked = false
    head.forEachValue(of: "cdn-loop", in: bytes) { value in
      var items = ListItems(value.range)
      while let item = items.next(bytes) {
        let token = ByteSlice(offset: item.lowerBound, count: item.count)
        isMarked = isMarked || bytes.spells(peerMark, in: token)
      }
    }
    return isMarked
  }
}
