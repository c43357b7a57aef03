/// Requests for hashed names that this replica does not have, but a replica of another release may
/// have.
extension FileTable {
  /// The cdn-id in `CDN-Loop` that marks a request forwarded by another replica.
  ///
  /// Source: RFC 8586 §2.
  package static let peerMark: StaticString = "staticd-peer"

  /// Whether a request for which `plan` is nil is to be forwarded to the peers.
  ///
  /// It must be a GET or HEAD without content, for a name below a collected root that looks hashed,
  /// and not be forwarded by another replica already.
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

  /// The same for the path in `range` of `path`, which belongs to a collected root and has no
  /// entry.
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

  /// Whether a request for which `plan` is nil is to be forwarded to an app or a peer.
  @inline(never)
  package func isForOthers(_ head: RequestHead, in bytes: Span<UInt8>) -> Bool {
    upstream(for: head, in: bytes) != nil || isForPeers(head, in: bytes)
  }

  /// Whether requests for missing files below a collected root are forwarded to the app.
  package var leavesNamesToApp: Bool { leavesUnknownNames }

  /// The 404 for a name that neither this replica nor a peer has.
  package func notFound(_ method: RequestMethod) -> ResponsePlan {
    fixed.notFound.answering(method)
  }

  /// Whether a name looks immutable: it contains a digest as in Django's names, or matches
  /// `Options.immutableNames`.
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
        // Parameters may follow (RFC 8586 §2).
        let count = item.prefix { bytes[$0] != UInt8(ascii: ";") && !bytes[$0].isOptionalSpace }
          .count
        let token = ByteSlice(offset: item.lowerBound, count: count)
        isMarked = isMarked || bytes.spells(peerMark, in: token)
      }
    }
    return isMarked
  }
}
