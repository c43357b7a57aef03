internal import Glibc
internal import StaticAssets
internal import Synchronization

/// Puts a release in the place of the one before it.
///
/// Everything is written to a staging directory inside the root first; only when all of it is on
/// the disk are the files renamed to their names: those with new names, then those that replace
/// others, the manifests last. Whatever fails before that leaves the root as it was.
struct Publisher: ~Copyable, Sendable {
  /// The directory in the root where files wait to be published.
  static let stagingName = FilePath(".staticd-staging")

  private let root: Directory
  private let staging: Directory
  private let fileMode: UInt32
  private let directoryMode: UInt32?
  private let nextNumber = Atomic<Int>(0)
  private let isPublishing = Atomic<Bool>(false)

  /// Whether names of the release before have begun to be replaced.
  var hasBegun: Bool { isPublishing.load(ordering: .acquiring) }

  /// The files of a release, staged.
  struct StagedRelease: Sendable {
    /// Files with names that change with their content, and their codings.
    var added: [Staged] = []
    /// Files under their own names.
    var originals: [Staged] = []
    /// The codings of those.
    var variants: [Staged] = []
    /// Codings of older contents, which go.
    var obsolete: [FilePath] = []
    /// What goes when the release is the current one.
    var leftovers: [FilePath] = []

    fileprivate var isEmpty: Bool {
      added.isEmpty && originals.isEmpty && variants.isEmpty && obsolete.isEmpty
        && leftovers.isEmpty
    }
  }

  /// A file that is staged under a number and published under a name.
  struct Staged: Sendable {
    fileprivate let stagedName: FilePath
    fileprivate let name: FilePath
  }

  /// Opens the root and removes what a killed run left; nil while another run has the root.
  ///
  /// - Parameter modes: exactly what files and new directories get; nil for what the umask leaves.
  init?(root path: FilePath, modes: (file: UInt32, directory: UInt32?)) throws(FileError) {
    try Directory.make(path, mode: modes.directory)
    let root = try Directory(path, shownAs: path)
    guard root.tryLock() else { return nil }
    try root.removeDirectory(Self.stagingName)
    try root.makeDirectory(Self.stagingName)
    let shown = path.appending(Self.stagingName)
    staging = try Directory(Self.stagingName, in: root.number, shownAs: shown)
    self.root = root
    fileMode = modes.file
    directoryMode = modes.directory
  }

  /// Writes `bytes` to be published as `name`; nil when the root has exactly that already, and
  /// they need not be written `always`.
  ///
  /// May be called from several threads.
  func stage(
    _ bytes: [UInt8],
    as name: FilePath,
    always: Bool = false
  ) throws(FileError) -> Staged? {
    precondition(PosixPath.isPlain(name.bytes), "checked when the release was planned")
    if !always, root.holds(bytes, at: name, mode: fileMode) { return nil }
    let number = nextNumber.add(1, ordering: .relaxed).newValue
    let stagedName = FilePath(String(number))
    try staging.write(bytes, to: stagedName, mode: fileMode)
    return Staged(stagedName: stagedName, name: name)
  }

  /// Copies the file at `source` to be published as `name`, without holding all of it in memory;
  /// nil when the root has exactly that already.
  ///
  /// - Parameter content: what the file had when it was read first.
  /// - Throws: `FileError`, or `SourceChanged` when the file has another content by now.
  func stage(
    copyOf source: FilePath,
    _ content: PlannedContent,
    as name: FilePath
  ) throws -> Staged? {
    precondition(PosixPath.isPlain(name.bytes), "checked when the release was planned")
    let byteCount = content.byteCount
    if root.holds(content.digests, byteCount: byteCount, at: name, mode: fileMode) { return nil }
    let number = nextNumber.add(1, ordering: .relaxed).newValue
    let stagedName = FilePath(String(number))
    let copied = try staging.copy(source, to: stagedName, mode: fileMode)
    guard copied == content.digests else { throw SourceChanged() }
    return Staged(stagedName: stagedName, name: name)
  }

  /// Makes a link to `source` to be published as `name`; nil when the root has exactly that.
  func stage(linkTo source: FilePath, as name: FilePath) throws(FileError) -> Staged? {
    precondition(PosixPath.isPlain(name.bytes), "checked when the release was planned")
    if root.target(of: name) == source { return nil }
    let stagedName = FilePath(String(nextNumber.add(1, ordering: .relaxed).newValue))
    try staging.makeLink(stagedName, to: source)
    return Staged(stagedName: stagedName, name: name)
  }

  /// Everything in the root that `isKept` does not want, links themselves rather than what is
  /// behind them.
  func leftovers(keeping isKept: (FilePath) -> Bool) throws(FileError) -> [FilePath] {
    try root.names().filter { !isKept($0) }
  }

  /// A source file has another content than when it was named.
  struct SourceChanged: Error {}

  /// Whether a file can be put at `name`: a directory, or a file where a directory has to be, is
  /// in the way otherwise; returns what.
  func obstacle(at name: FilePath) throws(FileError) -> FilePath? {
    try root.obstacle(at: name)
  }

  /// The path of `name` for people.
  func path(of name: FilePath) -> FilePath { root.path.appending(name) }

  /// Whether there is a file or a link `name` in the root.
  func exists(_ name: FilePath) throws(FileError) -> Bool {
    guard let status = try root.status(of: name) else { return false }
    return status.isRegular || status.isLink
  }

  /// Publishes what was staged.
  ///
  /// - Parameters:
  ///   - release: the files, by what they are.
  ///   - manifests: what makes the release the current one.
  func publish(_ release: StagedRelease, manifests: [Staged]) throws(FileError) {
    guard !release.isEmpty || !manifests.isEmpty else { return }
    try makeDirectories(for: release.added + release.originals + release.variants)
    try root.flushFileSystem()
    isPublishing.store(true, ordering: .releasing)
    try rename(release.added)
    // From here to the new manifest the old one does not describe every file: rather none than a
    // wrong one, and no coding of an older content, for a server that starts just now.
    if !release.originals.isEmpty || !release.variants.isEmpty {
      try root.remove(ManifestName.collected)
    }
    for name in release.obsolete + release.variants.map(\.name) { try root.remove(name) }
    try rename(release.originals)
    try rename(release.variants)
    try rename(manifests)
    for name in release.leftovers { try root.remove(name) }
    try root.flushNames()
  }

  /// Removes the staging directory and what is left in it.
  func cleanUp() {
    // The next run removes what cannot be removed now.
    try? root.removeDirectory(Self.stagingName)
  }

  private func rename(_ files: [Staged]) throws(FileError) {
    for file in files { try staging.rename(file.stagedName, to: file.name, in: root) }
  }

  /// Makes the directories that are missing; all must be on the file system of the root, for files
  /// cannot be renamed to another one.
  private func makeDirectories(for files: [Staged]) throws(FileError) {
    let device = try staging.device()
    var made: Set<FilePath> = []
    for file in files {
      var missing: [FilePath] = []
      var directory = file.name.parent
      while !directory.isEmpty, made.insert(directory).inserted {
        missing.append(directory)
        directory = directory.parent
      }
      for directory in missing.reversed() {
        try root.makeDirectory(directory, mode: directoryMode)
        guard try root.device(of: directory) == device else {
          let shown = root.path.appending(directory).description
          throw FileError(operation: "rename files to", path: shown, code: EXDEV)
        }
      }
    }
  }
}
