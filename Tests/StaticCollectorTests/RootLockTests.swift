import Glibc
import StaticAssets
import TestSupport
import Testing

@testable import StaticCollector

/// One run at a time in a root, even if several machines share it.
///
/// Goal: no run starts while another one runs, and none waits for one that has ended. Method: lock
/// files as written by runs of this and of other machines, new and old.
@Suite struct RootLockTests {
  private let root = TemporaryDirectory()
  private var path: BytePath { BytePath(root.path) }

  private func attempt() throws -> RootLock.Attempt { try RootLock.attempt(path) }

  private func write(_ owner: String, secondsAgo: Int = 0) {
    let file = root.write(owner, to: ".staticd-lock")
    var times = [timespec(), timespec()]
    times[0].tv_sec = time(nil) - secondsAgo
    times[1] = times[0]
    #expect(utimensat(AT_FDCWD, file, &times, 0) == 0)
  }

  /// The lines of a lock file of this process, with some changed.
  private func owner(_ changes: [Int: String]) -> String {
    var lines = LockOwner.current().text.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    for (index, line) in changes { lines[index] = line }
    return lines.joined(separator: "\n")
  }

  @Test("a lock is held until it is released, and leaves no file")
  func order() throws {
    var first = try attempt().lock
    #expect(first?.isHeld == true)
    guard case .held(let holder) = try attempt() else {
      Issue.record("two runs have the root")
      return
    }
    #expect(holder.contains("process \(getpid())"))
    first = nil
    #expect(root.files().isEmpty)
    #expect(try attempt().lock != nil)
  }

  @Test(
    "locks of ended runs are taken over, other locks are not",
    arguments: [
      // Host, boot and namespace of another machine.
      ([1: "web-2", 2: "other"], 0, false), ([1: "web-2", 2: "other"], 20, false),
      ([1: "web-2", 2: "other"], 60, true),
      // Another container of this machine, with its own process numbers.
      ([3: "pid:[1]"], 0, false), ([3: "pid:[1]"], 60, true),
      // This process, and an earlier process with its number.
      ([:], 0, false), ([5: "1"], 0, true), ([4: "999999999"], 0, true),
      // A machine without a boot ID.
      ([2: "", 3: ""], 0, false), ([2: "", 3: ""], 60, true),
    ] as [([Int: String], Int, Bool)]
  )
  func takeover(changes: [Int: String], secondsAgo: Int, isTaken: Bool) throws {
    write(owner(changes), secondsAgo: secondsAgo)
    let attempt = try attempt()
    #expect((attempt.lock != nil) == isTaken)
    if let host = changes[1], case .held(let holder) = attempt {
      #expect(holder.contains("'\(host)', last seen \(secondsAgo) s ago"), "\(holder)")
    }
    #expect(root.files() == [".staticd-lock"])
  }

  @Test(
    "an unreadable lock file counts as held until it is old",
    arguments: ["", "x\n"]
  )
  func foreign(text: String) throws {
    write(text)
    #expect(try attempt().lock == nil)
    write(text, secondsAgo: 60)
    #expect(try attempt().lock != nil)
  }

  @Test(
    "a lock file with a time in the future is taken over once it has not changed for half a minute",
    arguments: [-3600, 0]
  )
  func future(secondsAgo: Int) throws {
    let changes = [1: "web-2", 2: "other"]
    var watch = LockWatch()
    let start = ContinuousClock.now
    func isTaken(after seconds: Int) throws -> Bool {
      try RootLock.attempt(path, &watch, now: start + .seconds(seconds)).lock != nil
    }
    write(owner(changes), secondsAgo: secondsAgo)
    #expect(try !isTaken(after: 0))
    #expect(try !isTaken(after: 30))
    // Its run touches it, so that it is watched from the beginning.
    write(owner(changes), secondsAgo: secondsAgo - 5)
    #expect(try !isTaken(after: 31))
    #expect(try !isTaken(after: 61))
    // Another run has taken it over.
    write(owner([1: "web-3", 2: "other"]), secondsAgo: secondsAgo - 5)
    #expect(try !isTaken(after: 62))
    #expect(try !isTaken(after: 92))
    #expect(try isTaken(after: 93))
  }

  @Test(
    "what is no lock file is reported with its path and is not waited for",
    arguments: ["directory", "link", "dangling link", "pipe"]
  )
  func obstructed(kind: String) async throws {
    let lock = root.path(".staticd-lock")
    switch kind {
    case "directory": root.write("x", to: ".staticd-lock/x")
    case "link":
      root.write("x", to: "x")
      root.link(".staticd-lock", to: "x")
    case "dangling link": root.link(".staticd-lock", to: "none")
    default: #expect(mkfifo(lock, 0o644) == 0)
    }
    let source = TemporaryDirectory()
    let options = CollectOptions(
      sources: [.directory(SourceDirectory(path: BytePath(source.path)))],
      root: path
    )
    let before = root.files()
    let error = await #expect(throws: CollectError.self) { try await Collector(options).run() }
    #expect(
      error?.description.contains("\(lock): this is in the way") == true,
      "\(String(describing: error))"
    )
    let compression = await #expect(throws: CollectError.self) {
      try await DirectoryCompressor(CompressOptions(directory: path)).run()
    }
    #expect(compression?.description == "'\(lock)' is in the way, as it is no file; remove it")
    #expect(root.files() == before)
  }

  @Test("a run that lost its lock notices, and does not remove the other run's")
  func lost() throws {
    var lock = try attempt().lock
    write(owner([0: "other", 2: "other"]))
    #expect(lock?.isHeld == false)
    lock = nil
    #expect(root.files() == [".staticd-lock"])
  }
}

extension RootLock.Attempt {
  fileprivate var lock: RootLock? {
    if case .taken(let lock) = self { lock } else { nil }
  }
}
