internal import CLinux
internal import Glibc
internal import StaticAssets

/// A directory to write in, by descriptor: names are relative to it, wherever it is moved.
///
/// The pointers given to the system live for the call alone.
struct Directory: ~Copyable, Sendable {
  /// The directory's path, for errors.
  let path: FilePath

  private let descriptor: Descriptor

  /// Opens the directory at `path`.
  init(_ path: FilePath, in parent: Int32? = nil, shownAs shown: FilePath) throws(FileError) {
    self.path = shown
    descriptor = try Descriptor.open(path, in: parent, flags: FileFlags.directory)
  }

  /// The descriptor's number, to open files below it.
  var number: Int32 { descriptor.number }

  /// Makes the directory `path` and those above it that are missing. mkdir(2), chmod(2)
  ///
  /// - Parameter mode: exactly what those get; nil for what the umask leaves.
  static func make(_ path: FilePath, mode: UInt32?) throws(FileError) {
    var made = FilePath("")
    for part in path.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true) {
      let isRooted = made.isEmpty && path.bytes.first == UInt8(ascii: "/")
      made = isRooted ? FilePath("/").appending(FilePath(part)) : made.appending(FilePath(part))
      try make(made, in: AT_FDCWD, shownAs: made, mode)
    }
  }

  /// Makes the directory `name` below this one; one that is there already is left as it is.
  ///
  /// - Parameter mode: exactly what it gets; nil for what the umask leaves.
  func makeDirectory(_ name: FilePath, mode: UInt32? = nil) throws(FileError) {
    try Self.make(name, in: number, shownAs: path.appending(name), mode)
  }

  private static func make(
    _ name: FilePath,
    in directory: Int32,
    shownAs shown: FilePath,
    _ mode: UInt32?
  ) throws(FileError) {
    let result = unsafe name.withCString { unsafe mkdirat(directory, $0, 0o777) }
    try check(result, "make", shown, except: EEXIST)
    guard result == 0, let mode else { return }
    let changed = unsafe name.withCString { unsafe fchmodat(directory, $0, mode, 0) }
    try check(changed, "set the mode of", shown)
  }

  /// Makes a link called `name` to `target`. symlinkat(2)
  func makeLink(_ name: FilePath, to target: FilePath) throws(FileError) {
    let result = unsafe name.withCString { link in
      unsafe target.withCString { unsafe symlinkat($0, number, link) }
    }
    try Self.check(result, "make", path.appending(name))
  }

  /// What the link `name` leads to; nil when it is no link. readlinkat(2)
  func target(of name: FilePath) -> FilePath? {
    let capacity = Int(PATH_MAX)
    let bytes = unsafe name.withCString { link in
      unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        let result = unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
          guard let start = characters.baseAddress else { return 0 }
          return unsafe readlinkat(number, link, start, capacity)
        }
        count = max(0, result)
      }
    }
    return bytes.isEmpty ? nil : FilePath(bytes)
  }

  /// Whether a file can be put at `name`: a directory, or a file where a directory has to be, is
  /// in the way otherwise; returns what.
  func obstacle(at name: FilePath) throws(FileError) -> FilePath? {
    if let status = try status(of: name), status.isDirectory { return name }
    var directory = name.parent
    while !directory.isEmpty {
      if let status = try? FileStatus.of(directory, in: number) {
        return status.isDirectory ? nil : directory
      }
      directory = directory.parent
    }
    return nil
  }

  /// Every name below this directory that is no directory, what is staged apart.
  ///
  /// Links are names; what is behind them is not looked at.
  func names() throws(FileError) -> [FilePath] {
    var names: [FilePath] = []
    var failure: FileError?
    try DirectoryWalk.run(descriptor, root: path) { candidate in
      if candidate.isLink { names.append(candidate.path) }
      return !candidate.isLink && candidate.path != Publisher.stagingName
    } visit: { item in
      switch item {
      case .file(let path, _), .special(let path): names.append(path)
      case .failure(_, let error): failure = error
      }
    }
    if let failure { throw failure }
    return names
  }

  /// Writes a new file with these bytes and exactly this mode. open(2), write(2), fchmod(2)
  func write(_ bytes: [UInt8], to name: FilePath, mode: UInt32) throws(FileError) {
    let shown = path.appending(name)
    let file = try create(name, shownAs: shown)
    try Self.append(bytes, to: file, shownAs: shown)
    try Self.check(fchmod(file.number, mode), "set the mode of", shown)
  }

  /// Copies the file at `source` to a new one with exactly this mode.
  /// - Returns: the digests of what was copied.
  func copy(
    _ source: FilePath,
    to name: FilePath,
    mode: UInt32
  ) throws(FileError) -> ContentDigests {
    let shown = path.appending(name)
    let original = try Descriptor.open(source, flags: FileFlags.read)
    let file = try create(name, shownAs: shown)
    let copied = try ContentDigests.reading(original, at: source) { (bytes) throws(FileError) in
      try Self.append(bytes, to: file, shownAs: shown)
    }
    try Self.check(fchmod(file.number, mode), "set the mode of", shown)
    return copied.digests
  }

  private static func append(
    _ bytes: [UInt8],
    to file: borrowing Descriptor,
    shownAs shown: FilePath
  ) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let result = unsafe bytes.withUnsafeBytes { buffer in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[written...])
        return retrying { unsafe Glibc.write(file.number, rest.baseAddress, rest.count) }
      }
      guard result >= 0 else {
        throw FileError(operation: "write", path: shown.description, code: errno)
      }
      written += result
    }
  }

  private func create(
    _ name: FilePath,
    shownAs shown: FilePath
  ) throws(FileError) -> Descriptor {
    do throws(FileError) {
      return try Descriptor.open(name, in: number, flags: FileFlags.create, mode: 0o600)
    } catch {
      throw FileError(operation: "create", path: shown.description, code: error.code)
    }
  }

  /// Moves `name` to `target` below `other`, in the place of what is there. rename(2)
  func rename(
    _ name: FilePath,
    to target: FilePath,
    in other: borrowing Directory
  ) throws(FileError) {
    let otherNumber = other.number
    let result = unsafe name.withCString { from in
      unsafe target.withCString { to in unsafe renameat(number, from, otherNumber, to) }
    }
    try Self.check(result, "replace", other.path.appending(target))
  }

  /// Removes the file `name`; one that is not there is fine. unlink(2)
  func remove(_ name: FilePath) throws(FileError) {
    let result = unsafe name.withCString { unsafe unlinkat(number, $0, 0) }
    try Self.check(result, "remove", path.appending(name), except: ENOENT)
  }

  /// Removes the directory `name` and the files in it, of which none is a directory.
  ///
  /// A file or a link of that name is removed itself; nothing of that name is fine.
  func removeDirectory(_ name: FilePath) throws(FileError) {
    guard let status = try status(of: name) else { return }
    guard status.isDirectory else { return try remove(name) }
    let shown = path.appending(name)
    let directory = try Directory(name, in: number, shownAs: shown)
    for entry in try directory.descriptor.entries(of: shown) {
      try directory.remove(entry.name)
    }
    let result = unsafe name.withCString { unsafe unlinkat(number, $0, AT_REMOVEDIR) }
    try Self.check(result, "remove", shown, except: ENOENT)
  }

  /// The file system that this directory is on.
  func device() throws(FileError) -> UInt64 { try descriptor.status(of: path).identity.device }

  /// The file system that the directory `name` is on, links followed.
  func device(of name: FilePath) throws(FileError) -> UInt64 {
    try FileStatus.of(name, in: number).identity.device
  }

  /// The status of `name` itself, not of what it links to; nil when there is nothing.
  func status(of name: FilePath) throws(FileError) -> FileStatus? {
    do throws(FileError) {
      return try FileStatus.of(name, in: number, followsLinks: false)
    } catch {
      guard error.code == ENOENT || error.code == ENOTDIR else { throw error }
      return nil
    }
  }

  /// Whether `name` is a regular file of these bytes and this mode.
  func holds(_ bytes: [UInt8], at name: FilePath, mode: UInt32) -> Bool {
    guard let status = try? status(of: name), status.isRegular, status.mode == mode,
      status.byteCount == Int64(bytes.count),
      let file = try? Descriptor.open(name, in: number, flags: FileFlags.read),
      let existing = try? file.readAll(path: name)
    else { return false }
    return existing == bytes
  }

  /// Whether `name` is a regular file of this content and this mode.
  func holds(
    _ digests: ContentDigests,
    byteCount: Int,
    at name: FilePath,
    mode: UInt32
  ) -> Bool {
    guard let status = try? status(of: name), status.isRegular, status.mode == mode,
      status.byteCount == Int64(byteCount),
      let file = try? Descriptor.open(name, in: number, flags: FileFlags.read),
      let existing = try? ContentDigests.reading(file, at: name, { _ in })
    else { return false }
    return existing.digests == digests
  }

  /// Whether nobody else had the lock on this directory, which this value then has. flock(2)
  func tryLock() -> Bool { flock(number, LOCK_EX | LOCK_NB) == 0 }

  /// Waits until all that was written to this file system is on its disk. syncfs(2)
  ///
  /// A disk that has no room shows it here at the latest.
  func flushFileSystem() throws(FileError) {
    let result = clinux_sync_file_system(number)
    guard result >= 0 else {
      throw FileError(operation: "write", path: path.description, code: Int32(-result))
    }
  }

  /// Waits until the names in this directory are on its disk. fsync(2)
  func flushNames() throws(FileError) {
    try Self.check(fsync(number), "write", path)
  }

  private static func check(
    _ result: Int32,
    _ operation: String,
    _ path: FilePath,
    except accepted: Int32 = 0
  ) throws(FileError) {
    guard result != 0 else { return }
    let code = errno
    guard code != accepted else { return }
    throw FileError(operation: operation, path: path.description, code: code)
  }
}
