internal import Synchronization

/// An immutable snapshot of the files of one or more directories, with their responses ready to
/// send.
///
/// Any number of threads may use it at the same time. Selecting a response does not make system
/// calls; `open(_:to:)` makes them for a file that is not in memory.
public final class FileTable: Sendable {
  /// The number of files that have a URL.
  public let fileCount: Int

  /// The files that were left out when the table was built, with the reason; one line each.
  public let warnings: [String]

  /// Bytes of memory for bodies, heads and paths.
  package var memoryByteCount: Int { arena.byteCount }

  /// Whether bodies that fit in memory were not read; a later table reads them.
  package let hasDeferredBodies: Bool

  /// Whether the files of the mounts are still being listed; see `isPending(_:in:)`.
  package let isPending: Bool

  /// The mounts that the table was built from, in the order in which they are searched.
  let mounts: [Mount]
  /// One element for each mount; empty unless `Options.answersURLs`.
  let publishedNames: [PublishedNames]
  let options: Options
  let answersHashedNames: Bool
  let refusesAmbiguousPaths: Bool
  let leavesUnknownNames: Bool
  let asksPeers: Bool
  /// The compressible files without stored codings, if `Options.listsUncodedFiles` is set.
  package let uncodedFiles: [UncodedFile]
  /// The directories whose files are looked up when they are requested; nil for none.
  package let live: LiveSite?
  /// Whether a live directory holds uploads.
  let hasUploads: Bool
  /// The prefixes of the live directories, in the arena.
  let livePrefixes: FixedArray<ByteSlice>
  let arena: ByteArena
  /// Kept open, because stored files are opened relative to them.
  let directories: [MountedDirectory]
  let storedFiles: FixedArray<StoredFile>
  let representations: FixedArray<Representation>
  let fixed: FixedResponses
  private let appPages: [ResponseStatus: ResponsePlan]
  let territories: FixedArray<Territory>
  let routes: Routes
  let onlyFile: FileEntry?
  let preflights: FixedArray<HeadTemplate>
  /// The value of `Access-Control-Allow-Origin` that belongs to each of `preflights`.
  let allowedOrigins: FixedArray<ByteSlice>
  /// Responses that adapters have converted to their framework's types.
  let preparedResponses = AtomicLazyReference<PreparedResponses>()
  private let entries: FixedArray<FileEntry>
  private let index: PathIndex

  init(_ contents: consuming FileTableContents) {
    warnings = contents.warnings
    mounts = contents.mounts
    publishedNames = contents.publishedNames
    options = contents.options
    answersHashedNames = contents.options.answersHashedNames
    refusesAmbiguousPaths = contents.options.refusesAmbiguousPaths
    leavesUnknownNames = contents.options.leavesUnknownNames
    asksPeers = contents.options.asksPeers
    live = contents.live
    hasUploads = contents.live?.directories.contains(where: \.holdsUploads) ?? false
    uncodedFiles = contents.uncodedFiles
    livePrefixes = FixedArray(
      contents.live?.directories.map { contents.arena.append($0.prefix.utf8) } ?? []
    )
    arena = contents.arena.finish()
    routes = Routes(contents.routes, in: arena)
    let answerable = routes.answerable(contents.entries, in: arena)
    // Without such rules no entry is removed, including those that are not files.
    let isFile = { (entry: FileEntry) in entry.kind == .file }
    fileCount =
      contents.fileCount + answerable.count(where: isFile) - contents.entries.count(where: isFile)
    directories = contents.directories
    entries = FixedArray(answerable)
    representations = contents.representations.finish()
    storedFiles = contents.storedFiles.finish()
    index = PathIndex(answerable.map(\.path), in: arena)
    territories = FixedArray(contents.territories)
    hasDeferredBodies = contents.hasDeferredBodies
    isPending = contents.isPending
    onlyFile = contents.onlyFile
    preflights = FixedArray(contents.preflights)
    allowedOrigins = FixedArray(contents.allowedOrigins)
    fixed = contents.fixed
    appPages = contents.appPages
  }

  deinit {
    for number in 0..<storedFiles.count where storedFiles[number].descriptor >= 0 {
      _ = Descriptor(owning: storedFiles[number].descriptor)
    }
  }

  /// The response to a request; nil when the request belongs to the app, or may belong to a live
  /// directory: no mount covers the target, a public mount lacks the file, or the path is one of
  /// `Options.appPaths`.
  ///
  /// A pure function of the table and the request. Missing files of a collected root get 404 unless
  /// `Options.leavesUnknownNames` is true; methods other than GET, HEAD and OPTIONS get 405.
  /// Preconditions may lead to 304 or 412, `Range` to 206 or 416.
  ///
  /// - Parameters:
  ///   - head: a parsed request.
  ///   - bytes: the buffer that `head` was parsed from.
  package func plan(for head: RequestHead, in bytes: Span<UInt8>) -> ResponsePlan? {
    let path = head.path.range
    guard bytes.firstIndex(of: UInt8(ascii: "%"), in: path) == path.upperBound else {
      return planDecoding(head, in: bytes)
    }
    return plan(for: head, in: bytes, path: bytes, path)
  }

  /// The response when `plan` returned nil and there is no app: the fallback that follows the app,
  /// 404, or 204 for `OPTIONS *`, which concerns the server as a whole (RFC 9110 §9.3.7).
  ///
  /// - Parameters:
  ///   - head: a parsed request.
  ///   - bytes: the buffer that `head` was parsed from.
  package func planOutside(for head: RequestHead, in bytes: Span<UInt8>) -> ResponsePlan {
    if head.isForServer(bytes) { return planForServer }
    if let page = planLastPage(head, in: bytes) { return page }
    return fixed.notFound.answering(head.method)
  }

  /// The response to OPTIONS for the server as a whole: 204 with `Allow`.
  package var planForServer: ResponsePlan { fixed.options }

  /// The operator's error page for an app that fails or cannot be reached; nil when `status` has no
  /// page.
  ///
  /// The body is in memory.
  package func appPage(for status: ResponseStatus) -> ResponsePlan? { appPages[status] }

  /// Calls `body` with the bytes of `slice`; valid during the call.
  ///
  /// - Precondition: `slice` is of a response of this table; `OpenedResponse.table` is the table of
  ///   an opened one. A slice of another table has other bytes here, or traps.
  public func withBytes<Result>(
    of slice: ByteSlice,
    _ body: (Span<UInt8>) -> Result
  ) -> Result {
    arena.withSpan(slice, body)
  }

  private func planDecoding(
    _ head: RequestHead,
    in bytes: Span<UInt8>
  ) -> ResponsePlan? {
    if isAmbiguous(bytes, head.path.range) { return fixed.badRequest.answering(head.method) }
    var decoded = DecodedPath()
    guard decoded.decode(bytes, head.path.range) else {
      return planUndecodable(head, in: bytes)
    }
    return plan(for: head, in: bytes, path: decoded.bytes.span, 0..<decoded.count)
  }

  @inline(always)
  private func plan(
    for head: RequestHead,
    in bytes: Span<UInt8>,
    path: Span<UInt8>,
    _ range: Range<Int>
  ) -> ResponsePlan? {
    guard let entry = entry(at: path, range) else {
      return planMissingFile(head, in: bytes, path: path, range)
    }
    return answer(to: head, in: bytes, entry)
  }

  /// The response to a request for `entry`, for any method.
  @inline(always)
  func answer(to head: RequestHead, in bytes: Span<UInt8>, _ entry: FileEntry) -> ResponsePlan {
    switch head.method {
    case .get, .head: plan(for: head, in: bytes, entry)
    case .options: entry.kind == .absent ? fixed.notFound : planOptions(head, in: bytes, entry)
    case .other: entry.kind == .absent ? fixed.notFound : fixed.methodNotAllowed
    }
  }

  /// The entry at the percent-decoded URL path in `range` of `path`; nil when there is none.
  @inline(always)
  func entry(at path: Span<UInt8>, _ range: Range<Int>) -> FileEntry? {
    let found = index.find(path, range) { arena.equals(entries[$0].path, path, range) }
    return found.map { entries[$0] }
  }

  /// The response to a GET or HEAD for `entry`.
  @inline(always)
  func plan(
    for head: RequestHead,
    in bytes: Span<UInt8>,
    _ entry: FileEntry
  ) -> ResponsePlan {
    let selected = selected(of: entry, head, bytes)
    guard !head.isConditional, entry.kind == .file else {
      return planConditional(head, in: bytes, entry, selected)
    }
    let representation = representations[selected]
    return ResponsePlan(
      status: .ok,
      head: representation.okHead,
      body: head.method == .head ? .none : representation.body,
      coding: representation.coding,
      savedByteCount: head.method == .head ? 0 : representation.savedByteCount,
      deltaSavedByteCount: head.method == .head ? 0 : representation.deltaSavedByteCount
    )
  }

  /// The index of the representation with the highest weight; among equal weights the smallest.
  ///
  /// A delta is chosen if the client has its dictionary.
  ///
  /// If the client accepts none, the identity representation is sent: RFC 9110 §12.4.1 allows the
  /// server to disregard the field, and a page without its style sheet is of no use to the client.
  @inline(always)
  func selected(
    of entry: FileEntry,
    _ head: RequestHead,
    _ bytes: Span<UInt8>
  ) -> Int {
    let first = Int(entry.firstRepresentation)
    if head.present.contains(.availableDictionary), let delta = delta(of: entry, head, bytes) {
      return delta
    }
    guard entry.representationCount > 1 else { return first }
    let preferences = acceptEncoding(head, bytes)
    var best = first
    var bestWeight: Int16 = 0
    for index in first..<(first &+ Int(entry.representationCount)) {
      let coding = representations[index].coding
      let weight = preferences.weight(of: coding)
      if weight > bestWeight {
        best = index
        bestWeight = weight
      } else if bestWeight == 0, coding == .identity {
        best = index
      }
    }
    return best
  }

  @inline(always)
  func acceptEncoding(
    _ head: RequestHead,
    _ bytes: Span<UInt8>
  ) -> AcceptEncoding {
    var preferences = AcceptEncoding()
    if head.repeated.contains(.acceptEncoding) {
      head.forEachValue(of: "accept-encoding", in: bytes) { preferences.add(bytes, $0.range) }
    } else {
      preferences.add(bytes, head.acceptEncoding.range)
    }
    return preferences
  }
}
