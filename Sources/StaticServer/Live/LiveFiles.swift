internal import CLinux
internal import Glibc
internal import StaticAssets

/// Looks up files of live directories for one loop.
///
/// A file stays open in a bounded cache. Before a cached file is used, the kernel's queue of
/// changes is read, which reports changed names, and fstat(2) is called, which reports changed
/// content. Where the kernel does not report changes, the name is resolved again instead.
///
/// Confined to the thread of its loop. Unsafe invariant: `answer` holds a table that the cache or
/// `transient` retains until the next call of `find`.
@safe struct LiveFiles: ~Copyable {
  /// The result of a lookup.
  enum Outcome {
    /// `answer` has the file.
    case found
    /// No live directory has a file or a redirect for the path.
    case missing
    /// No descriptor or memory is free, or the disk reports an error.
    case exhausted
  }

  /// A file, or a redirect.
  @safe struct Answer {
    let table: Unmanaged<FileTable>
    /// The open file; negative for a redirect.
    let file: Int32
    let stamp: LiveStamp?
  }

  /// The result of looking in one live directory.
  enum Step {
    case found
    /// Search the next directory.
    case missing
    case exhausted
    /// The file has changed since it was opened: repeat the lookup.
    case stale
  }

  private let inPlace = InPlace()
  /// The result of the last `find`.
  private(set) var answer: Answer?
  /// The number of bytes of `answer` in `content`; -1 if they were not read.
  private(set) var contentByteCount = -1
  private var content = ByteBuffer(capacity: Self.contentByteCountMax)

  /// The first byte of the content; valid until the next call of `find`.
  @unsafe var contentStart: UnsafeMutableRawPointer { unsafe content.start }

  /// The largest file that is read and sent with its head by one call, in bytes.
  ///
  /// Above it, sendfile(2) is cheaper than copying.
  static let contentByteCountMax = 16384

  private(set) var site: LiveSite?
  var roots: [LiveRoot] = []
  var cache: LiveCache
  var watches: LiveWatches
  let limits: LiveLimits
  let notices: LiveNotices
  /// Retains the table of an answer that is not in the cache.
  var transient: FileTable?
  /// Whether openat2(2) is available.
  var opensBelow: Bool
  /// The list of mounts, which reports changes with EPOLLPRI; negative for none. proc(5)
  let mounts: Int32

  /// An instance without live directories.
  init(_ setup: LiveSetup) {
    limits = setup.limits
    notices = setup.notices
    cache = LiveCache(capacity: setup.entriesMax)
    watches = LiveWatches(countMax: limits.watchesMax, isUsed: limits.usesNotifications)
    opensBelow = limits.usesOpenBelow
    mounts = unsafe Glibc.open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)
    if watches.failure < 0 { notices.add(.notifications(code: -watches.failure)) }
  }

  deinit {
    for index in roots.indices where roots[index].descriptor >= 0 {
      _ = close(roots[index].descriptor)
    }
    if mounts >= 0 { _ = close(mounts) }
  }

  /// Whether there are live directories.
  var isOn: Bool { site != nil }

  /// Adopts the live directories of `table`; removes all entries, because rules may differ.
  ///
  /// Directories that both tables have stay open and watched: inotify_add_watch(2) takes long for a
  /// directory of which the kernel caches many names, and a request waits for it.
  mutating func replaceSite(of table: FileTable) {
    for index in 0..<Int32(cache.capacity) where cache[index].isInUse { remove(index) }
    transient = nil
    answer = nil
    let isFirst = site == nil
    let hasSameRoots =
      site?.directories == table.live?.directories && site?.indexFile == table.live?.indexFile
    site = table.live
    guard !hasSameRoots else { return }
    for index in roots.indices { lose(index) }
    roots = (site?.directories ?? []).map { LiveRoot($0, indexFile: site?.indexFile) }
    if isFirst { probeOpenBelow() }
  }

  /// Finds out whether openat2(2) is available.
  private mutating func probeOpenBelow() {
    guard isOn, opensBelow else { return }
    let root = unsafe Glibc.open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard root >= 0 else { return }
    let result = unsafe clinux_open_below(root, ".", O_RDONLY | O_DIRECTORY, 1)
    if result >= 0 { _ = close(Int32(result)) }
    // ENOSYS of older kernels, EPERM of sandboxes that do not know the call.
    if result == -Int(ENOSYS) || result == -Int(EPERM) {
      opensBelow = false
      notices.add(.openBelow)
    }
    _ = close(root)
  }

  /// Removes all entries, because file systems were mounted or unmounted.
  mutating func forgetAll() {
    for index in roots.indices { lose(index) }
  }

  /// Looks up the file for the request in `head`, which was parsed from `bytes`.
  ///
  /// - Parameter table: the table whose `plan` is nil for the request.
  mutating func find(
    _ head: RequestHead,
    _ bytes: Span<UInt8>,
    _ table: FileTable
  ) -> Outcome {
    transient = nil
    answer = nil
    contentByteCount = -1
    // Reading the changes is a system call, which requests for the app need not pay for.
    let isLeft = table.withPath(of: head, in: bytes) { table.isLeftToLive($0, $1) }
    guard isLeft ?? false else { return .missing }
    // A file may be written continuously: the last attempt uses it as it was opened.
    for turn in 0..<4 {
      readChanges()
      let step =
        table.withPath(of: head, in: bytes) { path, range in
          search(path, range, table)
        } ?? .missing
      switch step {
      case .missing: return .missing
      case .exhausted: return .exhausted
      case .stale: continue
      case .found: if turn == 3 || verify(head) { return .found }
      }
    }
    return .exhausted
  }

  /// Reads a small file into `content`, and checks that the answer describes the bytes read.
  ///
  /// The check follows the read: a write before or during it has changed the times by now.
  private mutating func verify(_ head: RequestHead) -> Bool {
    guard let answer, let stamp = answer.stamp else { return true }
    let count = Int(stamp.byteCount)
    if count <= Self.contentByteCountMax, head.method == .get, !head.isConditional || count == 0 {
      content.clear()
      let result =
        count == 0 ? 0 : unsafe clinux_read_at(answer.file, content.start, count, 0)
      guard result == count else { return forget(answer) }
      content.take(count)
      contentByteCount = count
    }
    guard stamp.isCurrent(answer.file) else { return forget(answer) }
    return true
  }

  /// Removes the file of `answer` from the cache; returns false.
  private mutating func forget(_ answer: Answer) -> Bool {
    contentByteCount = -1
    self.answer = nil
    // A file that is not in the cache was opened for this request.
    guard transient == nil else {
      transient = nil
      return false
    }
    for index in 0..<Int32(cache.capacity)
    where cache[index].isInUse && cache[index].file == answer.file {
      remove(index)
      break
    }
    return false
  }

  /// Searches the live directories that cover the path in `range` of `path`.
  private mutating func search(
    _ path: Span<UInt8>,
    _ range: Range<Int>,
    _ table: FileTable
  ) -> Step {
    guard !table.isOnlyApp(path, range) else { return .missing }
    for root in roots.indices {
      let prefix = roots[root].prefix
      let isCovered = prefix.count <= range.count && Self.starts(path, range, prefix[...])
      let isSlashMissing =
        range.count == prefix.count - 1 && Self.starts(path, range, prefix.dropLast())
      guard isCovered || isSlashMissing else { continue }
      guard isOpen(root) else { continue }
      let rest = isCovered ? range.lowerBound + prefix.count..<range.upperBound : 0..<0
      let step =
        isSlashMissing
        ? redirect(root, to: prefix.dropLast(), below: [])
        : look(root, path, rest)
      guard case .missing = step else {
        let isCoding = roots[root].isRoot && table.isStoredCoding(path, range)
        if isCoding { return .missing }
        return step
      }
    }
    return .missing
  }

  private static func starts(
    _ path: Span<UInt8>,
    _ range: Range<Int>,
    _ prefix: ArraySlice<UInt8>
  ) -> Bool {
    for offset in 0..<prefix.count
    where path[range.lowerBound + offset] != prefix[prefix.startIndex + offset] {
      return false
    }
    return true
  }

  /// Looks for the path in `range` of `path` below `root`.
  private mutating func look(_ root: Int, _ path: Span<UInt8>, _ range: Range<Int>) -> Step {
    let hash = cache.hash(path, range)
    // The name of an index file redirects; its cache entry is that of the directory.
    if !isIndex(path, range, root) {
      let known = cache.find(path, range, root: root, hash: hash)
      if known >= 0, let step = useEntry(known) { return step }
    }
    switch LiveName(path, range, isRoot: roots[root].isRoot) {
    case .refused: return .missing
    case .file:
      return open(root, range.map { path[$0] }, hash)
    case .directory:
      guard let index = roots[root].indexFile else { return .missing }
      let name = range.map { path[$0] } + index
      let hash = cache.hash(name.span, 0..<name.count)
      let known = cache.find(name.span, 0..<name.count, root: root, hash: hash)
      if known >= 0, let step = useEntry(known) { return step }
      return open(root, name, hash, isIndex: true)
    }
  }

  /// Whether the last segment in `range` of `path` is the name of the index file.
  private func isIndex(_ path: Span<UInt8>, _ range: Range<Int>, _ root: Int) -> Bool {
    guard let name = roots[root].indexFile, name.count <= range.count else { return false }
    let start = range.upperBound - name.count
    guard start == range.lowerBound || path[start - 1] == UInt8(ascii: "/") else { return false }
    return Self.starts(path, start..<range.upperBound, name[...])
  }

  /// Responds from a cache entry; nil if it is no longer valid, and removed.
  private mutating func useEntry(_ index: Int32) -> Step? {
    let entry = cache[index]
    guard entry.validUntil == .max || clinux_realtime_nanoseconds() < entry.validUntil else {
      remove(index)
      return nil
    }
    guard let table = unsafe entry.table else { return .missing }
    if entry.watch < 0, !isResolved(index) {
      remove(index)
      return nil
    }
    answer = unsafe Answer(table: table, file: entry.file, stamp: entry.stamp)
    return .found
  }

  /// Responds with `table`, which is not in the cache.
  mutating func answer(once table: FileTable, file: Int32, stamp: LiveStamp?) -> Step {
    transient = table
    answer = unsafe Answer(table: Unmanaged.passUnretained(table), file: file, stamp: stamp)
    return .found
  }

  /// Responds from the entry at `index`.
  mutating func answer(from index: Int32) {
    let entry = cache[index]
    guard let table = unsafe entry.table else { return }
    answer = unsafe Answer(table: table, file: entry.file, stamp: entry.stamp)
  }

  /// Removes an entry.
  mutating func remove(_ index: Int32) {
    let watch = cache[index].watch
    cache.remove(index)
    if watch >= 0 { watches.use(watch, by: -1) }
  }
}
