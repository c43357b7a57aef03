internal import StaticAssets

/// A digest of the status of many files: equal only if no file was changed, replaced, added or
/// removed.
///
/// The kernel updates the change time whenever content, name, owner or mode change, and no system
/// call sets it back. So replacing a source by an older file of the same size is detected.
struct Fingerprint: Sendable {
  private var hash = SHA256()
  private var buffer: [UInt8] = []

  /// Two changes within this window, in nanoseconds, can leave the same change time.
  static let settlingNanoseconds: Int64 = 2_000_000_000

  /// Adds the status of a file.
  mutating func add(_ status: FileStatus) {
    add(status.byteCount)
    add(status.modifiedNanoseconds)
    add(status.changedNanoseconds)
    add(Int64(bitPattern: status.identity.device))
    add(Int64(bitPattern: status.identity.inode))
    add(Int64(status.mode))
  }

  /// Adds a name or other text.
  mutating func add(_ text: [UInt8]) {
    add(Int64(text.count))
    buffer += text
    flush(above: 1 << 16)
  }

  /// Adds a name that is valid during the call only.
  mutating func add(_ text: UnsafeRawBufferPointer) {
    add(Int64(text.count))
    unsafe buffer.append(contentsOf: text)
    flush(above: 1 << 16)
  }

  /// Adds a number.
  mutating func add(_ number: Int64) {
    unsafe withUnsafeBytes(of: number.littleEndian) { unsafe buffer.append(contentsOf: $0) }
  }

  /// The digest of everything that was added.
  consuming func finish() -> [UInt8] {
    flush(above: 0)
    return hash.finish()
  }

  private mutating func flush(above count: Int) {
    guard buffer.count > count else { return }
    unsafe buffer.withUnsafeBytes { unsafe hash.update($0) }
    buffer.removeAll(keepingCapacity: true)
  }
}

extension Fingerprint {
  /// The fingerprint of source files as they were listed.
  ///
  /// - Parameter listed: the time before they were listed, in nanoseconds since 1970.
  /// - Returns: nil if a file was changed so shortly before that a later change could go unnoticed.
  static func of(_ listing: SourceListing, listed: Int64) -> [UInt8]? {
    var fingerprint = Fingerprint()
    for files in [listing.files, listing.skipped] {
      fingerprint.add(Int64(files.count))
      for file in files {
        guard let status = file.status ?? (try? FileStatus.of(file.path)),
          status.changedNanoseconds < listed - settlingNanoseconds
        else { return nil }
        fingerprint.add(file.name.bytes)
        fingerprint.add(file.path.bytes)
        fingerprint.add(status)
      }
    }
    return fingerprint.finish()
  }
}

/// The fingerprint of everything below a directory; symbolic links are not followed.
struct TreeFingerprint: Sendable {
  private(set) var digest: [UInt8] = []
  /// The files whose digests are worth storing.
  private(set) var largeFiles: [(name: BytePath, status: FileStatus)] = []
  /// Whether it has the lock file of a run, which is not part of the digest.
  private(set) var isLocked = false

  /// One directory of the tree.
  private struct Part: Sendable {
    var digest: [UInt8] = []
    var directories: [BytePath] = []
    var largeFiles: [(name: BytePath, status: FileStatus)] = []
    var isListed = true
    var isLocked = false
  }

  /// Scans the tree below `root` with `jobs` tasks; nil if part of it cannot be listed.
  ///
  /// The directories of one depth are scanned together. Entries are added in the order of the file
  /// system, which is stable while nothing changes; another order only makes the tree count as
  /// changed.
  static func of(_ root: BytePath, jobs: Int) async -> TreeFingerprint? {
    var fingerprint = TreeFingerprint()
    var whole = Fingerprint()
    var level = [BytePath("")]
    while !level.isEmpty {
      let directories = level
      let parts = await concurrentMap(count: directories.count, jobs: jobs) { index in
        part(directories[index], of: root)
      }
      level = []
      for (name, part) in zip(directories, parts) {
        guard part.isListed else { return nil }
        whole.add(name.bytes)
        whole.add(part.digest)
        fingerprint.largeFiles += part.largeFiles
        if part.isLocked { fingerprint.isLocked = true }
        level += part.directories
      }
    }
    fingerprint.digest = whole.finish()
    return fingerprint
  }

  private static func part(_ name: BytePath, of root: BytePath) -> Part {
    var part = Part()
    var fingerprint = Fingerprint()
    let path = root.appending(name)
    do throws(FileError) {
      let directory = try Descriptor.open(path, flags: FileFlags.directory)
      try unsafe directory.forEachStatus(of: path) { entry, status in
        if unsafe name.isEmpty && entry.elementsEqual(RootLock.fileName.bytes) {
          part.isLocked = true
          return
        }
        // The target of a link to a directory is not scanned, so its changes would go unnoticed.
        if status.isLink {
          let target = unsafe name.appending(BytePath(entry))
          if (try? FileStatus.of(root.appending(target)))?.isDirectory == true {
            part.isListed = false
          }
        }
        unsafe fingerprint.add(entry)
        fingerprint.add(status.isDirectory ? 1 : 0)
        if status.isDirectory {
          unsafe part.directories.append(name.appending(BytePath(entry)))
          // A directory's times change only with its entries, which are added themselves.
          fingerprint.add(Int64(bitPattern: status.identity.inode))
        } else {
          fingerprint.add(status)
          if status.isRegular, status.byteCount >= DigestCache.rootByteCountMin {
            unsafe part.largeFiles.append((name.appending(BytePath(entry)), status))
          }
        }
      }
    } catch {
      part.isListed = false
    }
    part.digest = fingerprint.finish()
    return part
  }
}
