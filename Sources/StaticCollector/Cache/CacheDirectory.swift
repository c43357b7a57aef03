internal import Glibc
internal import StaticAssets
internal import Synchronization

/// A directory of files that several runs read and replace at the same time.
///
/// A file is written under a name of its own and renamed, so that nobody reads half of it. Nothing
/// is flushed: what a crash leaves broken is recognised by its seal and written anew.
final class CacheDirectory: Sendable {
  private let directory: Directory
  /// Different for every run.
  private let run = "\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 16))"
  private let written = Atomic<Int>(0)

  private static let scratchName = BytePath("scratch")
  /// A file that a killed run left is removed when it is this old, in seconds.
  private static let scratchAgeMax: Int64 = 86_400
  /// A file counts as used at its time; for another use within these seconds it is not set again.
  private static let useResolution: Int64 = 3600

  /// Opens the cache at `path`, and makes it if need be.
  ///
  /// - Throws: when it cannot be made or written.
  init(_ path: BytePath) throws(FileError) {
    try Directory.make(path, mode: .masked(0o700))
    directory = try Directory(path, shownAs: path)
    try directory.makeDirectory(Self.scratchName, mode: .masked(0o700))
    guard directory.isWritable(Self.scratchName) else {
      let shown = path.appending(Self.scratchName).description
      throw FileError(operation: "write in", path: shown, code: EACCES)
    }
  }

  /// The bytes of the file `name`, which counts as used now; nil when there is none or it cannot
  /// be read.
  func read(_ name: BytePath) -> [UInt8]? {
    guard
      let file = try? Descriptor.open(name, in: directory.number, flags: FileFlags.read),
      let status = try? file.status(of: name), status.isRegular,
      let bytes = try? file.readAll(path: name)
    else { return nil }
    // Who may not set the time uses the file all the same.
    if Self.now - status.modified > Self.useResolution { _ = futimens(file.number, nil) }
    return bytes
  }

  /// Puts `bytes` in the place of the file `name`.
  ///
  /// - Parameter replaces: whether a file that is there is replaced; otherwise it stays.
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

  /// Puts a file of many parts in the place of the file `name`; `body` gives each part to its
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

  /// What the owner's umask leaves of reading and writing for the owner alone.
  private static let fileMode = Directory.FileMode(bits: 0o600, isThatOfNewFiles: true)

  /// Calls `body` with the name of a file to write, which is removed when that fails.
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

  /// Opens the file `name` to append to it.
  func openPack(_ name: BytePath) throws(FileError) -> PackFile {
    try PackFile(name, in: directory)
  }

  /// Whether there is something of the name `name`.
  func holds(_ name: BytePath) -> Bool { identity(of: name) != nil }

  /// Which file `name` is; nil when there is none.
  func identity(of name: BytePath) -> FileIdentity? {
    (try? directory.status(of: name))??.identity
  }

  /// A file of the cache.
  struct Entry {
    let name: BytePath
    let status: FileStatus
  }

  /// The files in `name` and the directories in it.
  func entries(below name: BytePath) -> [Entry] {
    let opened = try? Descriptor.open(name, in: directory.number, flags: FileFlags.directory)
    guard let opened else { return [] }
    var entries: [Entry] = []
    // What cannot be listed cannot be removed either.
    try? DirectoryWalk.run(opened, root: name) { candidate in
      !candidate.isLink
    } visit: { item in
      guard case .file(let file, let status) = item else { return }
      entries.append(Entry(name: name.appending(file), status: status))
    }
    return entries
  }

  /// Removes the file `name`; one that is gone already is no error, nor one that has to stay.
  func remove(_ name: BytePath) {
    try? directory.remove(name)
  }

  /// Removes what killed runs left.
  func removeLeftovers() {
    for entry in entries(below: Self.scratchName)
    where Self.now - entry.status.modified > Self.scratchAgeMax {
      remove(entry.name)
    }
  }

  private static var now: Int64 { Int64(time(nil)) }
}
