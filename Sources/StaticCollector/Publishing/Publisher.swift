internal import Glibc
internal import StaticAssets
internal import Synchronization

/// Replaces the release in a root by a new one.
///
/// Everything is first written to a staging directory inside the root and flushed. Then the files
/// are renamed into place: first those with new names, then those that replace others, the
/// manifests last. A failure before the renames leaves the root unchanged. Files of old releases
/// are removed after the new manifests are on disk.
struct Publisher: ~Copyable, Sendable {
  /// The prefix in the staging directory of what was in the way; no file of a release has such a
  /// name.
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

  /// The progress of the publication.
  var phase: Phase { Phase(rawValue: reached.load(ordering: .acquiring)) ?? .staging }

  /// Opens the root and removes leftovers of killed runs.
  ///
  /// - Parameters:
  ///   - lock: the lock of the root.
  ///   - modes: the modes of files and of new directories.
  ///   - memory: the digests of large files, which are not read again.
  ///   - isFlushed: whether a release is flushed to disk before it is published.
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

  /// Removes the staging directories of ended runs, creates one, and returns its name.
  ///
  /// The name is unique: a run on another machine that was taken for dead finds its directory
  /// missing, instead of writing into the directory of this run.
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

  /// The state of these directories in the root.
  ///
  /// - Parameter isCleared: whether everything is removed that the release does not need.
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
  /// - Parameter content: the content as it was first read.
  /// - Throws: `FileError`, or `SourceChanged` if the content has changed since.
  func stage(copyOf source: BytePath, _ content: PlannedContent, as name: BytePath) throws {
    var sha256: [UInt8] = []
    try inDirectory(of: name) { () throws(FileError) in
      sha256 = try staging.copy(source, to: name, mode: fileMode)
    }
    guard sha256 == content.digests.sha256 else { throw SourceChanged() }
    written.note(name, byteCount: content.byteCount)
  }

  /// Stages `name` as a hard link to the staged `other`; returns false if the file system cannot
  /// link.
  func stage(_ name: BytePath, asNameOf other: BytePath) throws(FileError) -> Bool {
    do throws(FileError) {
      try inDirectory(of: name) { () throws(FileError) in
        try staging.link(other, to: name, in: staging)
      }
      written.note(linkAt: name)
      return true
    } catch {
      // Too many links to one file, or a file system without hard links.
      guard [EMLINK, EPERM, EOPNOTSUPP, ENOSYS].contains(error.code) else { throw error }
      return false
    }
  }

  /// Stages a symbolic link to `source`, to be published as `name`.
  func stage(linkTo source: BytePath, as name: BytePath) throws(FileError) {
    try inDirectory(of: name) { () throws(FileError) in
      try staging.makeLink(name, to: source)
    }
    written.note(linkAt: name)
  }

  /// Whether `name` in the root is a symbolic link to exactly `source`.
  func isLink(_ name: BytePath, to source: BytePath) -> Bool { root.target(of: name) == source }

  /// The bytes of the file `name` in the root; nil unless it is a regular file of this length.
  func bytes(of name: BytePath, byteCount: Int) -> [UInt8]? {
    root.bytes(of: name, byteCount: byteCount)
  }

  /// Everything in the root except directories; links are included and not followed.
  func names() throws(FileError) -> [BytePath] { try root.names() }

  /// A source file has changed since it was hashed.
  struct SourceChanged: Error {}

  /// Calls `body`, and again if the directory of `name` was missing.
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

  /// The path of `name` for messages.
  func path(of name: BytePath) -> BytePath { root.path.appending(name) }

  /// The status of `name` in the root, without following links; nil if it does not exist.
  func status(of name: BytePath) throws(FileError) -> FileStatus? { try root.status(of: name) }

  /// Flushes the files staged so far, unless it would have to wait for the writes of other
  /// processes.
  ///
  /// Errors are ignored: the flush before publishing reports them.
  func flushEarly() {
    guard isFlushed, FlushScope.current(ownByteCount: written.byteCount) == .fileSystem else {
      return
    }
    try? staging.flushFileSystem()
  }

  /// Waits until the staged files are on disk.
  private func flush() throws(FileError) {
    switch FlushScope.current(ownByteCount: written.byteCount) {
    case .fileSystem: try root.flushFileSystem()
    case .ownFiles: try written.flush(in: staging)
    }
  }

  /// Publishes the staged files.
  ///
  /// - Parameters:
  ///   - release: the files by kind.
  ///   - manifests: the staged manifests, which make the release current.
  ///   - hasJournal: whether a journal is staged, for the next run if this one is killed.
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
    // Until the new manifest is in place, the old one does not describe every file. A server that
    // starts meanwhile must find neither a wrong manifest nor a coding of an older content.
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

  /// Completes a run that ended after publishing and before pruning.
  private func finishEarlierRun() throws(FileError) {
    guard try root.status(of: ReleaseHistory.journalName) != nil else { return }
    // The renames of that run, in unknown directories, must be on disk before anything is removed.
    if isFlushed { try root.flushFileSystem() }
    prune([])
  }

  /// Removes files that no manifest names, and then the journal.
  ///
  /// If a removal fails, the journal stays, and the next run tries again.
  private func prune(_ names: [BytePath]) {
    var isDone = true
    for name in names where PosixPath.isPlain(name.bytes) {
      do throws(FileError) { try root.remove(name) } catch { isDone = false }
    }
    if isDone { try? root.remove(ReleaseHistory.journalName) }
  }

  /// Whether neither a staging directory nor a journal is left.
  var isTidy: Bool {
    do throws(FileError) {
      guard try root.status(of: stagingName) == nil else { return false }
      return try root.status(of: ReleaseHistory.journalName) == nil
    } catch {
      return false
    }
  }

  /// Removes the staging directory and everything in it.
  func cleanUp() {
    // A failed removal is left to the next run.
    try? root.removeTree(stagingName)
  }

  /// Moves what is in the way into the staging directory, which is removed later.
  private func moveAway(_ names: [BytePath]) throws(FileError) {
    guard !names.isEmpty else { return }
    // The manifest names some of these files.
    if !names.contains(ManifestName.collected) { try root.remove(ManifestName.collected) }
    for (number, name) in names.enumerated() {
      try root.rename(name, to: BytePath("\(Self.obstaclePrefix)\(number)"), in: staging)
    }
  }

  private func rename(_ names: [BytePath]) throws(FileError) {
    for name in names { try staging.rename(name, to: name, in: root) }
  }

  /// Checks that all directories are on the file system of the root: rename(2) works within one
  /// only.
  private func checkFileSystem(of names: [BytePath]) throws(FileError) {
    let device = try staging.device()
    for directory in Set(names.map(\.parent)) where !directory.isEmpty {
      guard try root.device(of: directory) == device else {
        let shown = root.path.appending(directory).description
        throw FileError(operation: "rename files to", path: shown, code: EXDEV)
      }
    }
  }

  /// Stages the manifest also as the journal.
  func stageJournal() throws(FileError) {
    try staging.link(ManifestName.collected, to: ReleaseHistory.journalName, in: staging)
  }
}
