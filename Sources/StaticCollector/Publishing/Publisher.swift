internal import StaticAssets
internal import Synchronization

/// Puts a release in the place of the one before it.
///
/// Everything is written to a staging directory inside the root first; only when all of it is on
/// the disk are the files renamed to their names: those with new names, then those that replace
/// others, the manifests last. Whatever fails before that leaves the root as it was.
struct Publisher: ~Copyable, Sendable {
  private static let stagingPrefix = ".staticd-"

  private let root: Directory
  private let staging: Directory
  private let stagingName: FilePath
  private let fileMode: UInt32
  private let nextNumber = Atomic<Int>(0)

  /// A file that is staged under a number and published under a name.
  struct Staged: Sendable {
    fileprivate let stagedName: FilePath
    fileprivate let name: FilePath
  }

  /// Opens the root and removes what a killed run left; nil while another run has the root.
  init?(root path: FilePath, fileMode: UInt32) throws(FileError) {
    try Directory.make(path)
    let root = try Directory(path, shownAs: path)
    guard root.tryLock() else { return nil }
    for name in try root.names() where name.bytes.starts(with: Self.stagingPrefix.utf8) {
      try root.removeDirectory(name)
    }
    let name = FilePath("\(Self.stagingPrefix)staging")
    try root.makeDirectory(name)
    staging = try Directory(name, in: root.number, shownAs: path.appending(name))
    stagingName = name
    self.root = root
    self.fileMode = fileMode
  }

  /// Writes `bytes` to be published as `name`; nil when the root has exactly that already.
  ///
  /// May be called from several threads.
  func stage(_ bytes: [UInt8], as name: FilePath) throws(FileError) -> Staged? {
    if root.holds(bytes, at: name, mode: fileMode) { return nil }
    let number = nextNumber.add(1, ordering: .relaxed).newValue
    let stagedName = FilePath(String(number))
    try staging.write(bytes, to: stagedName, mode: fileMode)
    return Staged(stagedName: stagedName, name: name)
  }

  /// Whether a file can be put at `name`: a directory, or a file where a directory has to be, is
  /// in the way otherwise; returns what.
  func obstacle(at name: FilePath) throws(FileError) -> FilePath? {
    if let status = try root.status(of: name), status.isDirectory { return name }
    var directory = name.parent
    while !directory.isEmpty {
      if let status = try? FileStatus.of(directory, in: root.number) {
        return status.isDirectory ? nil : directory
      }
      directory = directory.parent
    }
    return nil
  }

  /// Whether there is a file `name` in the root.
  func exists(_ name: FilePath) throws(FileError) -> Bool {
    try root.status(of: name) != nil
  }

  /// Publishes what was staged.
  ///
  /// - Parameters:
  ///   - added: files with names that change with their content.
  ///   - replaced: files in the place of older ones.
  ///   - manifests: what makes the release the current one.
  ///   - obsolete: names to remove when all is done.
  func publish(
    added: [Staged],
    replaced: [Staged],
    manifests: [Staged],
    obsolete: [FilePath]
  ) throws(FileError) {
    guard !(added.isEmpty && replaced.isEmpty && manifests.isEmpty && obsolete.isEmpty) else {
      return
    }
    try makeDirectories(for: added + replaced)
    try root.flushFileSystem()
    try rename(added)
    // Between here and the new manifest the old one does not describe every file: rather none
    // than a wrong one, for a server that starts just now.
    if !replaced.isEmpty { try root.remove(ManifestName.collected) }
    try rename(replaced)
    for name in obsolete { try root.remove(name) }
    try rename(manifests)
    try root.flushNames()
  }

  /// Removes the staging directory and what is left in it.
  func cleanUp() {
    // The next run removes what cannot be removed now.
    try? root.removeDirectory(stagingName)
  }

  private func rename(_ files: [Staged]) throws(FileError) {
    for file in files { try staging.rename(file.stagedName, to: file.name, in: root) }
  }

  private func makeDirectories(for files: [Staged]) throws(FileError) {
    var made: Set<FilePath> = []
    for file in files {
      var missing: [FilePath] = []
      var directory = file.name.parent
      while !directory.isEmpty, made.insert(directory).inserted {
        missing.append(directory)
        directory = directory.parent
      }
      for directory in missing.reversed() { try root.makeDirectory(directory) }
    }
  }
}
