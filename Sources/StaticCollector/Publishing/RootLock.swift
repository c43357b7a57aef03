internal import Glibc
internal import StaticAssets

/// The right to write to a root, which one run has at a time, on any number of machines.
///
/// Among the processes of one machine flock(2) decides, and ends with its process. Where the root is
/// shared between machines, flock may be unknown (ENOSYS, ENOLCK) or reach this machine alone. So the
/// root has a lock file, too, made with O_EXCL: it says who has the root, and its time shows that the
/// run goes on. One that was not touched for half a minute, or whose process has ended, is taken over.
/// Ages are told by the clock of the file system, not by those of the machines.
final class RootLock: Sendable {
  /// The lock file's name in the root.
  static let fileName = BytePath(".staticd-lock")

  /// What became of an attempt.
  enum Attempt {
    case taken(RootLock)
    /// Another run has the root; who, for people.
    case held(by: String)
  }

  private static let touchMilliseconds = 5000
  private static let ageMax: Int64 = 30_000_000_000

  private let directory: Directory
  private let file: Descriptor
  private let owner: LockOwner

  /// Tries to get the root.
  ///
  /// - Parameter path: the root, which is opened once more, for flock belongs to a descriptor.
  static func attempt(_ path: BytePath) throws(FileError) -> Attempt {
    let directory = try Directory(path, shownAs: path)
    guard try directory.tryLock() else {
      return .held(by: read(in: directory)?.owner?.name ?? "another process")
    }
    let owner = LockOwner.current()
    // A lock that ends between two looks is no reason to wait.
    for _ in 0..<3 {
      if try make(owner, in: directory) { return .taken(try RootLock(directory, owner)) }
      guard let found = read(in: directory) else { continue }
      let age = found.owner?.hasEnded == true ? .max : try found.age(in: directory, owner)
      guard age <= ageMax else {
        // When another run takes it over first, the next look finds that one's.
        remove(found, from: directory, owner)
        continue
      }
      let holder = found.owner?.name ?? "another machine"
      return .held(by: "\(holder), last seen \(max(0, age) / 1_000_000_000) s ago")
    }
    return .held(by: "another process")
  }

  /// Makes the lock file; returns whether there was none. open(2), `O_EXCL`
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

  /// Different for every lock.
  var token: String { owner.token }

  /// Whether the lock is this run's still.
  var isHeld: Bool { Self.read(in: directory)?.text == owner.text }

  /// Shows now and then that the run goes on, as long as the lock is there. futimens(2)
  private func keepTouching() {
    // Not by a task: those of a run keep all threads of the executor busy.
    let isStarted = NewThread.detach { [weak self] in
      repeat { usleep(UInt32(Self.touchMilliseconds) * 1000) } while Self.touch(self)
    }
    // Without a thread, a run on another machine may take this one for dead.
    if !isStarted { _ = futimens(file.number, nil) }
  }

  /// Shows that the run goes on; returns whether its lock is still there.
  private static func touch(_ lock: RootLock?) -> Bool {
    guard let lock else { return false }
    _ = futimens(lock.file.number, nil)
    return true
  }

  /// A lock file as it was found.
  private struct Found {
    let text: String
    let modified: Int64

    var owner: LockOwner? { LockOwner(text) }

    /// Nanoseconds since it was touched, by the clock that sets its time: that of a file that is made
    /// for it.
    func age(in directory: borrowing Directory, _ asker: LockOwner) throws(FileError) -> Int64 {
      let name = RootLock.fileName.appending(suffix: "-clock-\(asker.token)")
      try directory.write([], to: name, mode: Directory.FileMode(bits: 0o600))
      let status = try directory.status(of: name)
      try directory.remove(name)
      return (status?.modifiedNanoseconds ?? modified) - modified
    }
  }

  /// The lock file; nil when there is none.
  private static func read(in directory: borrowing Directory) -> Found? {
    guard let file = try? Descriptor.open(fileName, in: directory.number, flags: FileFlags.read),
      let status = try? file.status(of: fileName),
      let bytes = try? file.readAll(path: fileName)
    else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    return Found(text: text, modified: status.modifiedNanoseconds)
  }

  /// Removes a lock that nobody holds any more, whatever others do meanwhile.
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
    // Another run was faster, and this is its lock.
    try? directory.link(name, to: fileName, in: directory)
  }
}
