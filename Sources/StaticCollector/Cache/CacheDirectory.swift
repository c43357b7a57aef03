internal import Glibc
internal import StaticAssets
internal import Synchronization

/// A directory of files that several runs read and replace at the same time.
///
/// A file is written under a temporary name and renamed, so a reader never sees a partial file.
/// Nothing is flushed: a file damaged by a crash fails the check of its seal and is written again.
final class CacheDirectory: Sendable {
  private let directory: Directory
  /// Unique to this run.
  private let run = "\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 16))"
  private let written = Atomic<Int>(0)

  private static let scratchName = BytePath("scratch")
  /// The age in seconds at which a temporary file of a killed run is removed.
  private static let scratchAgeMax: Int64 = 86_400
  /// A file's modification time records its last use; it is updated at most once in this many
  /// seconds.
  private static let useResolution: Int64 = 3600

  /// Opens the cache at `path`, and creates it if it is missing.
  ///
  /// - Throws: when it cannot be created or is not writable.
  init(_ path: BytePath) throws(FileError) {
    try Directory.make(path, mode: .masked(0o700))
    directory = try Directory(path, shownAs: path)
    try directory.makeDirectory(Self.scratchName, mode: .masked(0o700))
    guard directory.isWritable(Self.scratchName) else {
      let shown = path.appending(Self.scratchName).description
      throw FileError(operation: "write in", path: shown, code: EACCES)
    }
  }

  /// The bytes of the file `name`, which is marked as used; nil if it is missing or cannot be read.
  func read(_ name: BytePath) -> [UInt8]? {
    guard
      let file = try? Descriptor.open(name, in: directory.number, flags: FileFlags.read),
      let status = try? file.status(of: name), status.isRegular,
      let bytes = try? file.readAll(path: name)
    else { return nil }
    // Without permission to set the time, the file is still used.
    if Self.now - status.modified > Self.useResolution { _ = futimens(file.number, nil) }
    return bytes
  }

  /// Writes `bytes` as the file `name`.
  ///
  /// - Parameter replaces: whether an existing file is replaced; otherwise it stays.
  func write(_ bytes: [UInt8], to name: BytePath, replaces: Bool) throws(FileError) {
    try inScratch { (scratch) throws(FileError) in
      try directory.write(bytes, to: scratch, mode: Self.fileMode)
      if replaces { return try publish(scratch, as: name) }
      do throws(FileError) {
        try directory.link(scratch, to: name, in: directory)
      } catch {
        guard error.code == EEXIST else { throw error }
      }
      remove(scratch)
    }
  }

  /// Writes the file `name` in parts, replacing an existing one; `body` passes each part to its
  /// argument.
  func write(
    to name: BytePath,
    _ body: ((_ part: [UInt8]) throws(FileError) -> Void) throws(FileError) -> Void
  ) throws(FileError) {
    try inScratch { (scratch) throws(FileError) in
      try directory.write([], to: scratch, mode: Self.fileMode)
      let file = try PackFile(scratch, in: directory)
      var waiting: [UInt8] = []
      try body { (part) throws(FileError) in
        waiting += part
        guard waiting.count >= 1 << 20 else { return }
        _ = try file.append(waiting)
        waiting = []
      }
      if !waiting.isEmpty { _ = try file.append(waiting) }
      try publish(scratch, as: name)
    }
  }

  /// Mode 0o600 without the bits of the umask.
  private static let fileMode = Directory.FileMode(bits: 0o600, isThatOfNewFiles: true)

  /// Calls `body` with the name of a temporary file, which is removed if `body` throws.
  private func inScratch(
    _ body: (BytePath) throws(FileError) -> Void
  ) throws(FileError) {
    let number = written.add(1, ordering: .relaxed).newValue
    let scratch = Self.scratchName.appending(BytePath("\(run)-\(number)"))
    do throws(FileError) {
      try body(scratch)
    } catch {
      remove(scratch)
      throw error
    }
  }

  private func publish(_ scratch: BytePath, as name: BytePath) throws(FileError) {
    do throws(FileError) {
      try directory.rename(scratch, to: name, in: directory)
    } catch {
      guard error.code == ENOENT else { throw error }
      try directory.makeDirectories(name.parent, mode: .masked(0o700))
      try directory.rename(scratch, to: name, in: directory)
    }
  }

  /// Opens the file `name` for reading and appending.
  func openPack(_ name: BytePath) throws(FileError) -> PackFile {
    try PackFile(name, in: directory)
  }

  /// Whether an entry `name` exists.
  func holds(_ name: BytePath) -> Bool { identity(of: name) != nil }

  /// The device and inode number of `name`; nil if it does not exist.
  func identity(of name: BytePath) -> FileIdentity? {
    (try? directory.status(of: name))??.identity
  }

  /// A file of the cache.
  struct Entry {
    let name: BytePath
    let status: FileStatus
  }

  /// The files below the directory `name`, at any depth.
  func entries(below name: BytePath) -> [Entry] {
    let opened = try? Descriptor.open(name, in: directory.number, flags: FileFlags.directory)
    guard let opened else { return [] }
    var entries: [Entry] = []
    // Files that cannot be listed cannot be removed either.
    try? DirectoryWalk.run(opened, root: name) { candidate in
      !candidate.isLink
    } visit: { item in
      guard case .file(let file, let status) = item else { return }
      entries.append(Entry(name: name.appending(file), status: status))
    }
    return entries
  }

  /// Removes the file `name`, ignoring errors: it may be gone already.
  func remove(_ name: BytePath) {
    try? directory.remove(name)
  }

  /// Removes the temporary files of killed runs.
  func removeLeftovers() {
    for entry in entries(below: Self.scratchName)
    where Self.now - entry.status.modified > Self.scratchAgeMax {
      remove(entry.name)
    }
  }

  private static var now: Int64 { Int64(time(nil)) }
}
