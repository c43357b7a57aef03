internal import Glibc
internal import StaticAssets

/// The exclusive right to write to a root, for one run at a time on any number of machines.
///
/// On one machine, flock(2) decides, and the kernel releases it with the process. On a file system
/// shared between machines, flock may be unsupported (ENOSYS, ENOLCK) or local to one machine. So
/// the root also has a lock file, created with O_EXCL, which records the owner; its modification
/// time shows that the run is alive. A lock file that was not touched for half a minute, or whose
/// process has ended, is taken over. Ages are measured by the clock of the file system, not by
/// those of the machines; a file that does not change while a run waits is taken over as well,
/// whatever its time is.
final class RootLock: Sendable {
  /// The lock file's name in the root.
  static let fileName = BytePath(".staticd-lock")

  /// The result of an attempt to lock.
  enum Attempt {
    case taken(RootLock)
    /// Another run holds the lock; a description of it for messages.
    case held(by: String)
    /// Something that is no regular file has the name of the lock file.
    case obstructed
  }

  private static let touchMilliseconds = 5000
  private static let ageMax: Int64 = 30_000_000_000

  private let directory: Directory
  private let file: Descriptor
  private let owner: LockOwner

  /// Tries once to lock the root at `path`.
  static func attempt(_ path: BytePath) throws(FileError) -> Attempt {
    var watch = LockWatch()
    return try attempt(path, &watch)
  }

  /// Tries to lock the root.
  ///
  /// - Parameters:
  ///   - path: the root, which is opened again because flock belongs to an open file description.
  ///   - watch: what earlier attempts of the same run have seen.
  ///   - now: the time of this attempt.
  static func attempt(
    _ path: BytePath,
    _ watch: inout LockWatch,
    now: ContinuousClock.Instant = .now
  ) throws(FileError) -> Attempt {
    let directory = try Directory(path, shownAs: path)
    guard try directory.tryLock() else {
      return .held(by: read(in: directory)?.owner?.name ?? "another process")
    }
    let owner = LockOwner.current()
    // A lock that is released during an attempt is tried again.
    for _ in 0..<3 {
      if try make(owner, in: directory) { return .taken(try RootLock(directory, owner)) }
      if let status = try directory.status(of: fileName), !status.isRegular { return .obstructed }
      guard let found = read(in: directory) else { continue }
      let age = try found.age(in: directory, owner, &watch, now)
      guard age <= ageMax else {
        // If another run takes it over first, the next attempt finds the lock of that run.
        remove(found, from: directory, owner)
        continue
      }
      let holder = found.owner?.name ?? "another machine"
      return .held(by: "\(holder), last seen \(max(0, age) / 1_000_000_000) s ago")
    }
    return .held(by: "another process")
  }

  /// Creates the lock file; returns whether there was none. open(2), `O_EXCL`
  private static func make(
    _ owner: LockOwner,
    in directory: borrowing Directory
  ) throws(FileError) -> Bool {
    do throws(FileError) {
      try directory.write(
        Array(owner.text.utf8),
        to: fileName,
        mode: Directory.FileMode(bits: 0o644)
      )
      return true
    } catch {
      guard error.code == EEXIST else { throw error }
      return false
    }
  }

  private init(_ directory: consuming Directory, _ owner: LockOwner) throws(FileError) {
    file = try Descriptor.open(Self.fileName, in: directory.number, flags: FileFlags.read)
    self.directory = directory
    self.owner = owner
    keepTouching()
  }

  deinit {
    if isHeld { try? directory.remove(Self.fileName) }
  }

  /// Unique to every lock.
  var token: String { owner.token }

  /// Whether this run still holds the lock.
  var isHeld: Bool { Self.read(in: directory)?.text == owner.text }

  /// Updates the time of the lock file every five seconds, as long as this lock exists. futimens(2)
  private func keepTouching() {
    // A thread, not a task: the tasks of a run keep all threads of the executor busy.
    let isStarted = NewThread.detach { [weak self] in
      repeat { usleep(UInt32(Self.touchMilliseconds) * 1000) } while Self.touch(self)
    }
    // Without a thread, a run on another machine may take over the lock after half a minute.
    if !isStarted { _ = futimens(file.number, nil) }
  }

  /// Updates the time of the lock file; returns whether the lock still exists.
  private static func touch(_ lock: RootLock?) -> Bool {
    guard let lock else { return false }
    _ = futimens(lock.file.number, nil)
    return true
  }

  /// A lock file as it was read.
  private struct Found {
    let text: String
    let modified: Int64

    var owner: LockOwner? { LockOwner(text) }

    /// The nanoseconds since it was touched, or for which it has not changed; `.max` if its process
    /// has ended.
    func age(
      in directory: borrowing Directory,
      _ asker: LockOwner,
      _ watch: inout LockWatch,
      _ now: ContinuousClock.Instant
    ) throws(FileError) -> Int64 {
      if owner?.hasEnded == true { return .max }
      let unchanged = watch.unchanged(text, modified: modified, at: now)
      return max(unchanged, try age(in: directory, asker))
    }

    /// The nanoseconds since it was touched, by the clock of the file system: a new file is created
    /// to read it.
    private func age(
      in directory: borrowing Directory,
      _ asker: LockOwner
    ) throws(FileError) -> Int64 {
      let name = RootLock.fileName.appending(suffix: "-clock-\(asker.token)")
      try directory.write([], to: name, mode: Directory.FileMode(bits: 0o600))
      let status = try directory.status(of: name)
      try directory.remove(name)
      return (status?.modifiedNanoseconds ?? modified) - modified
    }
  }

  /// The lock file; nil if there is none.
  private static func read(in directory: borrowing Directory) -> Found? {
    guard let file = try? Descriptor.open(fileName, in: directory.number, flags: FileFlags.read),
      let status = try? file.status(of: fileName),
      let bytes = try? file.readAll(path: fileName)
    else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    return Found(text: text, modified: status.modifiedNanoseconds)
  }

  /// Removes a lock that has expired, and no other one: the file is renamed before its text is
  /// compared.
  private static func remove(
    _ found: Found,
    from directory: borrowing Directory,
    _ asker: LockOwner
  ) {
    let name = fileName.appending(suffix: "-old-\(asker.token)")
    guard (try? directory.rename(fileName, to: name, in: directory)) != nil else { return }
    defer { try? directory.remove(name) }
    let file = try? Descriptor.open(name, in: directory.number, flags: FileFlags.read)
    guard let file, let bytes = try? file.readAll(path: name) else { return }
    if String(decoding: bytes, as: UTF8.self) == found.text { return }
    // Another run has already taken over the lock, so its file is restored.
    try? directory.link(name, to: fileName, in: directory)
  }
}
