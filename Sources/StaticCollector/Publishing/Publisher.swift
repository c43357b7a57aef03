internal import Glibc
internal import StaticAssets
internal import Synchronization

/// Puts a release in the place of the one before it.
///
/// Everything is written to a staging directory inside the root first; only when all of it is on
/// the disk are the files renamed to their names: those with new names, then those that replace
/// others, the manifests last. Whatever fails before that leaves the root as it was. What old
/// releases leave behind is removed when the new manifests are on the disk.
struct Publisher: ~Copyable, Sendable {
  /// What the names begin with that things in the way get in the staging directory; no file of a release
  /// has such a name.
  private static let obstaclePrefix = ".staticd-obstacle-"

  private let lock: RootLock
  private let root: Directory
  private let stagingName: BytePath
  private let staging: Directory
  private let fileMode: Directory.FileMode
  private let directoryMode: Directory.Mode
  private let memory: DigestCache
  private let isFlushed: Bool
  private let reached = Atomic<Int>(0)
  private let written = StagedFiles()

  /// How far the release has come.
  var phase: Phase { Phase(rawValue: reached.load(ordering: .acquiring)) ?? .staging }

  /// Opens the root and removes what killed runs left.
  ///
  /// - Parameters:
  ///   - lock: the lock of the root.
  ///   - modes: what files and new directories get.
  ///   - memory: the digests of large files that need not be read again.
  ///   - isFlushed: whether a release is on the disk before it is published.
  init(
    root path: BytePath,
    _ lock: RootLock,
    modes: (file: UInt32, directory: Directory.Mode),
    memory: DigestCache,
    isFlushed: Bool
  ) throws(FileError) {
    self.isFlushed = isFlushed
    let root = try Directory(path, shownAs: path)
    let name = try Self.makeStaging(in: root, lock)
    let staging = try Directory(name, in: root.number, shownAs: path.appending(name))
    let fileMode = try staging.tried(modes.file, as: "probe")
    stagingName = name
    self.staging = staging
    self.root = root
    self.lock = lock
    self.fileMode = fileMode
    directoryMode = modes.directory
    self.memory = memory
  }

  /// Removes the staging directories of runs that have ended, makes one, and returns its name.
  ///
  /// It has a name of its own: a run on another machine that was taken for dead finds its own one gone,
  /// and not somebody else's files in it.
  static func makeStaging(
    in root: borrowing Directory,
    _ lock: RootLock
  ) throws(FileError) -> BytePath {
    for entry in try root.descriptor.entries(of: root.path)
    where entry.name.bytes.starts(with: Array(stagingPrefix.utf8)) {
      try root.removeTree(entry.name)
    }
    let name = BytePath("\(stagingPrefix)-\(lock.token)")
    try root.makeDirectory(name)
    return name
  }

  /// What earlier runs left in the root.
  func history() -> ReleaseHistory { ReleaseHistory(root) }

  /// What the root has of these directories.
  ///
  /// - Parameter isCleared: whether everything goes that the release does not need.
  func layout(
    _ directories: Set<BytePath>,
    isCleared: Bool
  ) throws(FileError) -> RootLayout {
    try RootLayout(directories, in: root, isCleared: isCleared)
  }

  /// Whether the root has exactly these bytes as `name`.
  func holds(_ bytes: [UInt8], at name: BytePath) -> Bool {
    root.holds(bytes, at: name, mode: fileMode.bits)
  }

  /// Whether the root has exactly this content as `name`.
  func holds(_ content: PlannedContent, at name: BytePath) -> Bool {
    let byteCount = content.byteCount
    return root.holds(content.digests, byteCount: byteCount, at: name, mode: fileMode.bits, memory)
  }

  /// Writes `bytes` to be published as `name`; may be called from several threads.
  func stage(_ bytes: [UInt8], as name: BytePath) throws(FileError) {
    try inDirectory(of: name) { () throws(FileError) in
      try staging.write(bytes, to: name, mode: fileMode)
    }
    written.note(name, byteCount: bytes.count)
  }

  /// Copies the file at `source` to be published as `name`, without holding all of it in memory.
  ///
  /// - Parameter content: what the file had when it was read first.
  /// - Throws: `FileError`, or `SourceChanged` when the file has another content by now.
  func stage(copyOf source: BytePath, _ content: PlannedContent, as name: BytePath) throws {
    var sha256: [UInt8] = []
    try inDirectory(of: name) { () throws(FileError) in
      sha256 = try staging.copy(source, to: name, mode: fileMode)
    }
    guard sha256 == content.digests.sha256 else { throw SourceChanged() }
    written.note(name, byteCount: content.byteCount)
  }

  /// Stages `name` as another name of `other`, which is staged; returns whether the file system can.
  func stage(_ name: BytePath, asNameOf other: BytePath) throws(FileError) -> Bool {
    do throws(FileError) {
      try inDirectory(of: name) { () throws(FileError) in
        try staging.link(other, to: name, in: staging)
      }
      written.note(linkAt: name)
      return true
    } catch {
      // Too many names of one file, or a file system without links.
      guard [EMLINK, EPERM, EOPNOTSUPP, ENOSYS].contains(error.code) else { throw error }
      return false
    }
  }

  /// Makes a link to `source`, to be published as `name`.
  func stage(linkTo source: BytePath, as name: BytePath) throws(FileError) {
    try inDirectory(of: name) { () throws(FileError) in
      try staging.makeLink(name, to: source)
    }
    written.note(linkAt: name)
  }

  /// Whether `name` is a link to exactly `source` in the root.
  func isLink(_ name: BytePath, to source: BytePath) -> Bool { root.target(of: name) == source }

  /// The bytes of the file `name` in the root; nil unless it is a regular file of this length.
  func bytes(of name: BytePath, byteCount: Int) -> [UInt8]? {
    root.bytes(of: name, byteCount: byteCount)
  }

  /// Everything in the root that is no directory; links themselves, not what is behind them.
  func names() throws(FileError) -> [BytePath] { try root.names() }

  /// A source file has another content than when it was named.
  struct SourceChanged: Error {}

  /// Calls `body`, and once more if it was the directory of `name` that it lacked.
  private func inDirectory(
    of name: BytePath,
    _ body: () throws(FileError) -> Void
  ) throws(FileError) {
    precondition(PosixPath.isPlain(name.bytes), "checked when the release was planned")
    do throws(FileError) {
      try body()
    } catch {
      guard error.code == ENOENT, !name.parent.isEmpty else { throw error }
      try staging.makeDirectories(name.parent, mode: directoryMode)
      try body()
    }
  }

  /// The path of `name` for people.
  func path(of name: BytePath) -> BytePath { root.path.appending(name) }

  /// The status of `name` in the root, links not followed; nil when there is nothing.
  func status(of name: BytePath) throws(FileError) -> FileStatus? { try root.status(of: name) }

  /// Writes to the disk what was staged so far, unless others have so much to write that it would wait
  /// for them; what goes wrong shows when all is published.
  func flushEarly() {
    guard isFlushed, FlushScope.current(ownByteCount: written.byteCount) == .fileSystem else {
      return
    }
    try? staging.flushFileSystem()
  }

  /// Waits until what was staged is on the disk.
  private func flush() throws(FileError) {
    switch FlushScope.current(ownByteCount: written.byteCount) {
    case .fileSystem: try root.flushFileSystem()
    case .ownFiles: try written.flush(in: staging)
    }
  }

  /// Publishes what was staged.
  ///
  /// - Parameters:
  ///   - release: the files, by what they are.
  ///   - manifests: what makes the release the current one, staged.
  ///   - hasJournal: whether one is staged, for the next run should this one be killed.
  func publish(
    _ release: StagedRelease,
    manifests: [BytePath],
    hasJournal: Bool
  ) throws(FileError) {
    guard !release.isEmpty || !manifests.isEmpty else { return try finishEarlierRun() }
    try checkFileSystem(of: release.added + release.originals + release.variants)
    if isFlushed { try flush() }
    guard lock.isHeld else {
      throw FileError(operation: "keep the lock of", path: root.path.description, code: EBUSY)
    }
    reached.store(Phase.replacing.rawValue, ordering: .releasing)
    if hasJournal { try rename([ReleaseHistory.journalName]) }
    try moveAway(release.obstacles)
    try rename(release.directories)
    try rename(release.added)
    // From here to the new manifest the old one does not describe every file: rather none than a
    // wrong one, and no coding of an older content, for a server that starts just now.
    if release.isReplacing {
      try root.remove(ManifestName.collected)
    }
    for name in release.obsolete + release.variants { try root.remove(name) }
    try rename(release.originals)
    try rename(release.variants)
    try rename(manifests)
    reached.store(Phase.published.rawValue, ordering: .releasing)
    if isFlushed { try root.flushNames() }
    prune(release.pruned)
  }

  /// Does what a run that ended after it had published its release has left to do.
  private func finishEarlierRun() throws(FileError) {
    guard try root.status(of: ReleaseHistory.journalName) != nil else { return }
    // Its renames, in directories that are not known here, must be on the disk before anything goes.
    if isFlushed { try root.flushFileSystem() }
    prune([])
  }

  /// Removes files that no manifest names any more, and the journal when all of them are gone: the
  /// next run tries again what did not work now.
  private func prune(_ names: [BytePath]) {
    var isDone = true
    for name in names where PosixPath.isPlain(name.bytes) {
      do throws(FileError) { try root.remove(name) } catch { isDone = false }
    }
    if isDone { try? root.remove(ReleaseHistory.journalName) }
  }

  /// Whether neither staged files nor a journal are left.
  var isTidy: Bool {
    do throws(FileError) {
      guard try root.status(of: stagingName) == nil else { return false }
      return try root.status(of: ReleaseHistory.journalName) == nil
    } catch {
      return false
    }
  }

  /// Removes the staging directory and what is left in it.
  func cleanUp() {
    // The next run removes what cannot be removed now.
    try? root.removeTree(stagingName)
  }

  /// Moves what is in the way into the staging directory, which goes with all in it.
  private func moveAway(_ names: [BytePath]) throws(FileError) {
    guard !names.isEmpty else { return }
    // It names some of these files.
    if !names.contains(ManifestName.collected) { try root.remove(ManifestName.collected) }
    for (number, name) in names.enumerated() {
      try root.rename(name, to: BytePath("\(Self.obstaclePrefix)\(number)"), in: staging)
    }
  }

  private func rename(_ names: [BytePath]) throws(FileError) {
    for name in names { try staging.rename(name, to: name, in: root) }
  }

  /// All directories must be on the file system of the root, for files cannot be renamed to another
  /// one.
  private func checkFileSystem(of names: [BytePath]) throws(FileError) {
    let device = try staging.device()
    for directory in Set(names.map(\.parent)) where !directory.isEmpty {
      guard try root.device(of: directory) == device else {
        let shown = root.path.appending(directory).description
        throw FileError(operation: "rename files to", path: shown, code: EXDEV)
      }
    }
  }

  /// Stages the manifest as the journal, too.
  func stageJournal() throws(FileError) {
    try staging.link(ManifestName.collected, to: ReleaseHistory.journalName, in: staging)
  }
}
