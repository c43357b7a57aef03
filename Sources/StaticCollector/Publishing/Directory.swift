internal import CLinux
internal import Glibc
package import StaticAssets

/// An open directory in which files are written: names are relative to it, even if it is moved.
///
/// The pointers passed to system calls are valid during the call only.
package struct Directory: ~Copyable, Sendable {
  /// The directory's path, for errors.
  let path: BytePath

  let descriptor: Descriptor

  /// Opens the directory at `path`.
  init(_ path: BytePath, in parent: Int32? = nil, shownAs shown: BytePath) throws(FileError) {
    self.path = shown
    descriptor = try Descriptor.open(path, in: parent, flags: FileFlags.directory)
  }

  /// The file descriptor, to open files below the directory.
  var number: Int32 { descriptor.number }

  /// The mode of a new directory.
  package enum Mode: Sendable {
    /// These bits without those of the umask.
    case masked(UInt32)
    /// Exactly these bits.
    case exact(UInt32)

    /// The default mode, 0o777 without the umask.
    package static let usual = Mode.masked(0o777)
  }

  /// Creates the directory `path` and its missing parents. mkdir(2), chmod(2)
  package static func make(_ path: BytePath, mode: Mode = .usual) throws(FileError) {
    var made = BytePath("")
    for part in path.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true) {
      let isRooted = made.isEmpty && path.bytes.first == UInt8(ascii: "/")
      made = isRooted ? BytePath("/").appending(BytePath(part)) : made.appending(BytePath(part))
      try make(made, in: AT_FDCWD, shownAs: made, mode)
    }
  }

  /// Creates the directory `name` below this one; an existing one is left unchanged.
  func makeDirectory(_ name: BytePath, mode: Mode = .usual) throws(FileError) {
    try Self.make(name, in: number, shownAs: path.appending(name), mode)
  }

  private static func make(
    _ name: BytePath,
    in directory: Int32,
    shownAs shown: BytePath,
    _ mode: Mode
  ) throws(FileError) {
    let bits =
      switch mode {
      case .masked(let bits), .exact(let bits): bits
      }
    let result = unsafe name.withCString { unsafe mkdirat(directory, $0, bits) }
    try check(result, "make", shown, except: EEXIST)
    guard result == 0, case .exact = mode else { return }
    let changed = unsafe name.withCString { unsafe fchmodat(directory, $0, bits, 0) }
    try check(changed, "set the mode of", shown)
  }

  /// Creates the directory `name` below this one, and its missing parents.
  func makeDirectories(_ name: BytePath, mode: Mode = .usual) throws(FileError) {
    var made = BytePath("")
    for part in name.bytes.split(separator: UInt8(ascii: "/")) {
      made = made.appending(BytePath(part))
      try makeDirectory(made, mode: mode)
    }
  }

  /// Whether files can be created in the directory `name`. faccessat(2)
  func isWritable(_ name: BytePath) -> Bool {
    unsafe name.withCString { unsafe faccessat(number, $0, W_OK | X_OK, AT_EACCESS) } == 0
  }

  /// Writes a new file with these bytes and exactly this mode. open(2), write(2), fchmod(2)
  func write(_ bytes: [UInt8], to name: BytePath, mode: FileMode) throws(FileError) {
    let shown = path.appending(name)
    let file = try create(name, mode, shownAs: shown)
    try Self.append(bytes, to: file, shownAs: shown)
    try Self.apply(mode, to: file, shownAs: shown)
  }

  /// Copies the file at `source` to a new one with exactly this mode.
  /// - Returns: the SHA-256 of the copied bytes, in hexadecimal digits.
  func copy(
    _ source: BytePath,
    to name: BytePath,
    mode: FileMode
  ) throws(FileError) -> [UInt8] {
    let shown = path.appending(name)
    let original = try Descriptor.open(source, flags: FileFlags.read)
    let file = try create(name, mode, shownAs: shown)
    let sha256 = try ContentDigests.sha256(of: original, at: source) { (bytes) throws(FileError) in
      try Self.append(bytes, to: file, shownAs: shown)
    }
    try Self.apply(mode, to: file, shownAs: shown)
    return sha256
  }

  private static func append(
    _ bytes: [UInt8],
    to file: borrowing Descriptor,
    shownAs shown: BytePath
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
    _ name: BytePath,
    _ mode: FileMode,
    shownAs shown: BytePath
  ) throws(FileError) -> Descriptor {
    do throws(FileError) {
      return try Descriptor.open(name, in: number, flags: FileFlags.create, mode: mode.bits)
    } catch {
      throw FileError(operation: "create", path: shown.description, code: error.code)
    }
  }

  /// Renames `name` to `target` below `other`, replacing an existing file. rename(2)
  func rename(
    _ name: BytePath,
    to target: BytePath,
    in other: borrowing Directory
  ) throws(FileError) {
    let otherNumber = other.number
    let result = unsafe name.withCString { from in
      unsafe target.withCString { to in unsafe renameat(number, from, otherNumber, to) }
    }
    try Self.check(result, "replace", other.path.appending(target))
  }

  /// Creates the hard link `target` below `other` to the file `name`; `target` must not exist.
  /// linkat(2)
  func link(
    _ name: BytePath,
    to target: BytePath,
    in other: borrowing Directory
  ) throws(FileError) {
    let otherNumber = other.number
    let result = unsafe name.withCString { from in
      unsafe target.withCString { to in unsafe linkat(number, from, otherNumber, to, 0) }
    }
    try Self.check(result, "make", other.path.appending(target))
  }

  /// Removes the file `name`; a missing file is not an error. unlink(2)
  func remove(_ name: BytePath) throws(FileError) {
    let result = unsafe name.withCString { unsafe unlinkat(number, $0, 0) }
    try Self.check(result, "remove", path.appending(name), except: ENOENT)
  }

  /// Removes the directory `name` and everything in it; links are removed, not followed.
  ///
  /// A file or link of that name is removed; a missing name is not an error.
  func removeTree(_ name: BytePath) throws(FileError) {
    guard let status = try status(of: name) else { return }
    guard status.isDirectory else { return try remove(name) }
    var emptied: [BytePath] = []
    var pending = [name]
    while let next = pending.popLast() {
      let shown = path.appending(next)
      let flags = FileFlags.directory | O_NOFOLLOW
      let directory = try Descriptor.open(next, in: number, flags: flags)
      for entry in try directory.entries(of: shown) {
        let inside = next.appending(entry.name)
        if try isDirectory(entry, inside) { pending.append(inside) } else { try remove(inside) }
      }
      emptied.append(next)
    }
    for directory in emptied.reversed() { try removeEmptyDirectory(directory) }
  }

  /// Removes the empty directory `name`; a missing one is not an error. unlinkat(2)
  private func removeEmptyDirectory(_ name: BytePath) throws(FileError) {
    let result = unsafe name.withCString { unsafe unlinkat(number, $0, AT_REMOVEDIR) }
    try Self.check(result, "remove", path.appending(name), except: ENOENT)
  }

  /// Whether an entry is a directory itself; some file systems do not report the kind in the
  /// listing.
  private func isDirectory(_ entry: DirectoryEntry, _ name: BytePath) throws(FileError) -> Bool {
    guard entry.kind == .unknown else { return entry.kind == .directory }
    return try status(of: name)?.isDirectory ?? false
  }

  /// The device number of the file system of this directory.
  func device() throws(FileError) -> UInt64 { try descriptor.status(of: path).identity.device }

  /// The device number of the file system of the directory `name`; links are followed.
  func device(of name: BytePath) throws(FileError) -> UInt64 {
    try FileStatus.of(name, in: number).identity.device
  }

  /// The status of `name`, without following links; nil if it does not exist.
  func status(of name: BytePath) throws(FileError) -> FileStatus? {
    do throws(FileError) {
      return try FileStatus.of(name, in: number, followsLinks: false)
    } catch {
      guard error.code == ENOENT || error.code == ENOTDIR else { throw error }
      return nil
    }
  }

  /// Whether `name` is a regular file with these bytes and this mode.
  func holds(_ bytes: [UInt8], at name: BytePath, mode: UInt32) -> Bool {
    guard let status = try? status(of: name), status.isRegular, status.mode == mode,
      status.byteCount == Int64(bytes.count),
      let file = try? Descriptor.open(name, in: number, flags: FileFlags.read),
      let existing = try? file.readAll(path: name)
    else { return false }
    return existing == bytes
  }

  /// Whether `name` is a regular file with this content and this mode.
  ///
  /// - Parameter memory: known digests, for which the file is not read.
  func holds(
    _ digests: ContentDigests,
    byteCount: Int,
    at name: BytePath,
    mode: UInt32,
    _ memory: DigestCache
  ) -> Bool {
    guard let status = try? status(of: name), status.isRegular, status.mode == mode,
      status.byteCount == Int64(byteCount)
    else { return false }
    if let known = memory[status] { return known == digests }
    guard let file = try? Descriptor.open(name, in: number, flags: FileFlags.read),
      let sha256 = try? ContentDigests.sha256(of: file, at: name, { _ in })
    else { return false }
    return sha256 == digests.sha256
  }

  /// Tries to lock this directory; false if another process of this machine holds the lock.
  /// flock(2)
  ///
  /// On a file system without locks (ENOSYS, ENOLCK and others) the result is true.
  func tryLock() throws(FileError) -> Bool {
    while flock(number, LOCK_EX | LOCK_NB) != 0 {
      switch errno {
      case EINTR: continue
      case EWOULDBLOCK: return false
      case EIO: throw FileError(operation: "lock", path: path.description, code: EIO)
      default: return true
      }
    }
    return true
  }

  /// Waits until everything written to this file system is on disk. syncfs(2)
  ///
  /// A full disk is reported here at the latest.
  func flushFileSystem() throws(FileError) {
    let result = clinux_sync_file_system(number)
    guard result >= 0 else {
      throw FileError(operation: "write", path: path.description, code: Int32(-result))
    }
  }

  /// Waits until the entries of this directory are on disk. fsync(2)
  func flushNames() throws(FileError) {
    try Self.check(fsync(number), "write", path)
  }

  /// Waits until the file or directory `name` below the directory `number` is on disk. fsync(2)
  static func flush(_ name: BytePath, in number: Int32, shownAs shown: BytePath) throws(FileError) {
    let file = try Descriptor.open(name, in: number, flags: FileFlags.read)
    try check(fsync(file.number), "write", shown)
  }

  static func check(
    _ result: Int32,
    _ operation: String,
    _ path: BytePath,
    except accepted: Int32 = 0
  ) throws(FileError) {
    guard result != 0 else { return }
    let code = errno
    guard code != accepted else { return }
    throw FileError(operation: operation, path: path.description, code: code)
  }
}
