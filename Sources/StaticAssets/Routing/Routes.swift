/// The rules for URL paths that match no file: app paths, apps, fallbacks and redirects.
///
/// Prepared when a table is built; nothing here is read for a path that matches a file.
struct Routes: ~Copyable, Sendable {
  /// The paths that belong to the app before files, in the arena.
  let appPaths: FixedArray<ByteSlice>
  /// The apps with a URL path of their own, the longest path first.
  let upstreams: FixedArray<Upstream>
  /// The index of the app for all other paths; negative for none.
  let plainUpstream: Int
  /// The fallbacks with a URL path, the longest first.
  let pages: FixedArray<Page>
  /// The fallback for everything below the public mounts.
  let plainPage: Page?
  let extensions: FileExtensions
  let redirects: RedirectTable

  /// The URL path of an app.
  struct Upstream: BitwiseCopyable {
    let prefix: ByteSlice
    /// The app's index in `Options.upstreamPaths`.
    let number: Int
  }

  /// A fallback.
  struct Page: BitwiseCopyable {
    let prefix: ByteSlice
    let entry: FileEntry
    /// The index in `Options.fallbacks`.
    let number: Int
    let order: FileTable.Fallback.Order
  }

  /// The parts of routes under construction.
  struct Parts {
    var appPaths: [ByteSlice] = []
    var upstreams: [Upstream] = []
    var plainUpstream = 0
    var pages: [Page] = []
    var plainPage: Page?
    var extensions: [UInt128] = []
    var redirects = RedirectTable.Parts()
  }

  init(_ parts: consuming Parts, in arena: borrowing ByteArena) {
    appPaths = FixedArray(parts.appPaths)
    upstreams = FixedArray(parts.upstreams.sorted { $0.prefix.count > $1.prefix.count })
    plainUpstream = parts.plainUpstream
    pages = FixedArray(parts.pages.sorted { $0.prefix.count > $1.prefix.count })
    plainPage = parts.plainPage
    extensions = FileExtensions(parts.extensions)
    redirects = RedirectTable(parts.redirects, in: arena)
  }
}

extension Routes {
  /// Whether the path in `range` of `path` belongs to the app before any other rule.
  @inline(always)
  func isAppPath(
    _ path: Span<UInt8>,
    _ range: Range<Int>,
    in arena: borrowing ByteArena
  ) -> Bool {
    for number in 0..<appPaths.count where arena.covers(appPaths[number], path, range) {
      return true
    }
    return false
  }

  /// `entries` without those below an app path and those with a forced redirect.
  ///
  /// A request for a remaining path therefore need not check these rules.
  func answerable(_ entries: [FileEntry], in arena: borrowing ByteArena) -> [FileEntry] {
    guard appPaths.count > 0 || redirects.hasForced else { return entries }
    var answerable: [FileEntry] = []
    answerable.reserveCapacity(entries.count)
    for entry in entries {
      let isTaken = arena.withSpan(entry.path) { path in
        let range = 0..<path.count
        return isAppPath(path, range, in: arena)
          || redirects.find(path, range, in: arena).map { redirects.rules[$0.rule].isForced }
            == true
      }
      if !isTaken { answerable.append(entry) }
    }
    return answerable
  }
}

extension ByteArena {
  /// Whether the URL path in `range` of `path` is `prefix`, with or without its last slash, or lies
  /// below it.
  @inline(always)
  func covers(_ prefix: ByteSlice, _ path: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let count = Int(prefix.count)
    guard range.count < count else {
      return equals(prefix, path, range.lowerBound..<(range.lowerBound &+ count))
    }
    guard range.count == count &- 1, count > 1 else { return false }
    return equals(ByteSlice(offset: Int(prefix.offset), count: count &- 1), path, range)
  }
}
