import Foundation
import TestSupport
import Testing

/// Runs that are killed, or fail with a system error, at any of their steps: there is always one
/// whole release to serve, and the next run repairs everything.
///
/// `STATICD_KILL_MOMENTS` is the number of moments that are tried in each way (default 48).
@Suite struct CrashTests {
  private static let releases = ThreeReleases()
  private static let momentCount =
    ProcessInfo.processInfo.environment["STATICD_KILL_MOMENTS"].flatMap { Int($0) } ?? 48

  private let scratch = TemporaryDirectory()
  private var root: String { scratch.path("root") }
  private var releases: ThreeReleases { Self.releases }

  private func collect(
    _ release: Int,
    _ options: [String] = [],
    environment: [String: String] = [:]
  ) -> CommandResult {
    Command.run(
      [Command.staticd, "collect", releases.sources[release].path, "--root", root] + options,
      environment: environment
    )
  }

  /// The load of the disk.
  ///
  /// Quiet: other processes have nothing to write, and the file system is flushed as a whole. Busy:
  /// they have much to write, and the files of the release are flushed one by one.
  enum Disk: String {
    case quiet
    case busy
  }

  /// The environment that makes calls fail.
  private func preloaded(_ disk: Disk, _ variables: [String: String]) -> [String: String] {
    let kibibytes = disk == .busy ? 9_999_999 : 0
    let memory = scratch.write("Dirty: \(kibibytes) kB\nWriteback: 0 kB\n", to: disk.rawValue)
    return variables.merging(
      ["LD_PRELOAD": FaultLibrary.path, "FAULT_MEMINFO": memory],
      uniquingKeysWith: { first, _ in first }
    )
  }

  /// Collects release B over A with a failure at step `number`.
  private func collectB(
    faultAt number: Int,
    error: Int32,
    _ cache: [String],
    _ disk: Disk = .quiet
  ) -> CommandResult {
    let faults = [
      "FAULT_AT": "\(number)", "FAULT_ERROR": "\(error)", "FAULT_COUNT": scratch.path("count"),
    ]
    return collect(1, cache, environment: preloaded(disk, faults))
  }

  /// The number of steps of a run that collects release B over A.
  private func stepCount(_ cache: [String], _ disk: Disk) throws -> Int {
    // With a full cache the steps are the same each time.
    #expect(collect(1, cache).status == 0)
    try releases.restoreA(root)
    let environment = preloaded(disk, ["FAULT_COUNT": scratch.path("count")])
    #expect(collect(1, cache, environment: environment).status == 0)
    return try lastCount()
  }

  /// The number of steps of the last run that was not killed.
  ///
  /// It varies: two threads may both make a directory that their files need.
  private func lastCount() throws -> Int {
    try #require(Int(scratch.text("count") ?? ""))
  }

  /// Numbers from 1 to `count`, at most `momentCount`, evenly distributed.
  private func moments(upTo count: Int) -> [Int] {
    let tried = min(count, Self.momentCount)
    return (0..<tried).map { 1 + $0 * count / tried }
  }

  /// Checks the state after a killed run, and that the next run, of the same release or of another
  /// one, removes its leftovers.
  private func checkAndRepair(_ index: Int, _ moment: String, _ cache: [String]) throws {
    try releases.checkIsWhole(root, moment)
    if index % 15 == 0 { try releases.checkIsServed(root, moment) }
    let release = index % 2 + 1
    let result = collect(release, cache)
    #expect(result.status == 0, "\(moment): \(result.errors)")
    let content = ThreeReleases.content(of: root)
    if release == 1 {
      let different = ThreeReleases.differences(content, releases.afterAB)
      #expect(different.isEmpty, "\(moment): not mended")
    } else {
      // If B was killed after its manifests were written, it counts as a release before C.
      // Otherwise its hashed files are removed; files under their own names stay, like those of
      // every old release.
      let leftovers = releases.afterAB.keys.filter { $0.contains("only1") && !isHashed($0) }
      let names = Set(content.keys).subtracting(releases.afterAC.keys)
      let isMended = content == releases.afterABC || names.isSubset(of: leftovers)
      #expect(isMended, "\(moment): left \(names.subtracting(leftovers).sorted())")
      if content != releases.afterABC {
        for (name, bytes) in releases.afterAC {
          #expect(content[name] == bytes, "\(moment): not mended: \(name)")
        }
      }
    }
  }

  private func isHashed(_ name: String) -> Bool {
    name.contains { $0.isNumber } && name.split(separator: ".").contains { $0.count == 12 }
  }

  @Test("killed at any step", arguments: [Disk.quiet, .busy])
  func killedAtSteps(disk: Disk) throws {
    let cache = ["--cache", scratch.path("cache")]
    let count = try stepCount(cache, disk)
    #expect(count > 60)
    for (index, number) in moments(upTo: count).enumerated() {
      try releases.restoreA(root)
      let result = collectB(faultAt: number, error: 0, cache, disk)
      let hasEnded = try result.status == 0 && lastCount() < number
      #expect(hasEnded || result.status == SIGKILL, "step \(number): \(result.errors)")
      try checkAndRepair(index, "killed at step \(number)", cache)
    }
  }

  @Test("killed at any step of the first release")
  func killedAtFirstRelease() throws {
    let cache = ["--cache", scratch.path("cache")]
    #expect(collect(1, cache).status == 0)
    let afterB = ThreeReleases.content(of: root)
    var number = 1
    while true {
      let moment = "killed at step \(number)"
      try FileManager.default.removeItem(atPath: root)
      let result = collectB(faultAt: number, error: 0, cache)
      // All steps have been tried.
      guard result.status == SIGKILL else { break }
      let left = ThreeReleases.content(of: root)
      for (name, bytes) in left where !name.hasPrefix(".") {
        #expect(bytes == afterB[name], "\(moment): \(name)")
      }
      if left["staticfiles.json"] != nil {
        #expect(ThreeReleases.differences(left.filter { !$0.key.hasPrefix(".") }, afterB).isEmpty)
      }
      #expect(collect(1, cache).status == 0)
      let different = ThreeReleases.differences(ThreeReleases.content(of: root), afterB)
      #expect(different.isEmpty, "\(moment): not mended")
      number += number < 8 ? 1 : 4
    }
    #expect(number > 60)
  }

  @Test(
    "runs on two machines that do not share flock",
    arguments: [0, ENOSYS, ENOLCK, EOPNOTSUPP]
  )
  func twoMachines(error: Int32) throws {
    let environment = ["LD_PRELOAD": FaultLibrary.path, "FAULT_FLOCK": "\(error)"]
    try releases.restoreA(root)
    for round in 0..<3 {
      let group = DispatchGroup()
      for release in [1, 2, 1] {
        group.enter()
        Thread.detachNewThread { [self] in
          let result = collect(release, ["--no-cache"], environment: environment)
          #expect(result.status == 0, "round \(round): \(result.errors)")
          group.leave()
        }
      }
      group.wait()
      let check = Command.staticd("check", "--root", root)
      #expect(check.status == 0, "round \(round): \(check.errors)")
    }
  }

  @Test("a run waits for the run of another machine, and names it")
  func otherMachine() throws {
    try releases.restoreA(root)
    let lock = scratch.write("1\nweb-2\nboot\npid:[1]\n7\n100\n", to: "root/.staticd-lock")
    let seen = scratch.path("seen")
    let script = "exec \"$0\" collect \"$1\" --root \"$2\" --no-cache 2>\"$3\""
    let group = DispatchGroup()
    group.enter()
    Thread.detachNewThread { [self] in
      let source = releases.sources[1].path
      let result = Command.run(["sh", "-c", script, Command.staticd, source, root, seen])
      #expect(result.status == 0)
      group.leave()
    }
    let line = "another run is writing to '\(root)' (process 7 on 'web-2', last seen 0 s ago)"
    #expect(
      eventually { scratch.text("seen")?.contains(line) == true },
      "\(scratch.text("seen") ?? "")"
    )
    try FileManager.default.removeItem(atPath: lock)
    group.wait()
    #expect(Command.staticd("check", "--root", root).status == 0)
  }

  @Test("killed at any time")
  func killedAtTimes() throws {
    var microseconds = 0.0
    for index in 0..<Self.momentCount {
      let cache = index % 4 == 0 ? ["--no-cache"] : ["--cache", scratch.path("cache")]
      try releases.restoreA(root)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Command.staticd)
      process.arguments = ["collect", releases.sources[1].path, "--root", root] + cache
      process.standardOutput = FileHandle.nullDevice
      let start = DispatchTime.now()
      try process.start()
      if index < 4 {
        // The first runs measure the duration, with and without cached results.
        process.waitUntilExit()
        let taken = Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) / 1000
        if index == 3 { microseconds = taken }
      } else {
        // Any moment will do, so it is not synchronized.
        usleep(UInt32(Double.random(in: 0...microseconds)))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
      try checkAndRepair(index, "killed at time \(index)", cache)
    }
  }

  @Test("a system error at any step", arguments: [ENOSPC, EIO], [Disk.quiet, .busy])
  func refused(error: Int32, disk: Disk) throws {
    let cache = ["--cache", scratch.path("cache")]
    let count = try stepCount(cache, disk)
    for number in moments(upTo: count) {
      let moment = "step \(number) refused with \(error)"
      try releases.restoreA(root)
      let result = collectB(faultAt: number, error: error, cache, disk)
      try releases.checkIsWhole(root, moment)
      switch result.status {
      case 0:
        // The cache and the removal of old files are not required for the release.
        #expect(result.errorLines.count <= 1, "\(moment): \(result.errors)")
      case 3:
        #expect(result.errorLines.count == 1, "\(moment): \(result.errors)")
        let isPublished = result.errors.contains("the new release is published")
        let release = isPublished ? releases.afterAB : releases.afterA
        let manifest = ThreeReleases.content(of: root)["staticfiles.json"]
        #expect(manifest == release["staticfiles.json"], "\(moment): \(result.errors)")
        if result.errors.contains("nothing was published") {
          let shown = ThreeReleases.content(of: root).filter { !$0.key.hasPrefix(".") }
          #expect(shown == releases.afterA, "\(moment): \(result.errors)")
        }
      default: Issue.record("\(moment): \(result.status) \(result.errors)")
      }
      #expect(collect(1, cache).status == 0)
      let different = ThreeReleases.differences(ThreeReleases.content(of: root), releases.afterAB)
      #expect(different.isEmpty, "\(moment): not mended")
    }
  }

  @Test("concurrent runs into one root, with one cache", arguments: [2, 3])
  func atOnce(count: Int) throws {
    for turn in 0..<8 {
      let cache = ["--cache", scratch.path("cache\(turn % 4)")]
      try releases.restoreA(root)
      // All of one release, or of two competing releases.
      let wanted = (0..<count).map { turn % 2 == 0 ? 1 : 1 + $0 % 2 }
      let processes = try wanted.map { release in
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Command.staticd)
        process.arguments = ["collect", releases.sources[release].path, "--root", root] + cache
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.start()
        return process
      }
      for process in processes {
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
      }
      try releases.checkIsWhole(root, "turn \(turn)")
      let content = ThreeReleases.content(of: root)
      if turn % 2 == 0 { #expect(content == releases.afterAB) }
      #expect(!content.keys.contains { $0.hasPrefix(".") })
      // The cache is undamaged.
      try releases.restoreA(root)
      #expect(collect(1, cache).status == 0)
      #expect(ThreeReleases.content(of: root) == releases.afterAB)
    }
  }

  @Test("every URL of A is served while B is current, and is gone after the third release")
  func rollingDeployment() throws {
    try releases.restoreA(root)
    let running = RunningServer("--root", root, "--access-log", "off")
    let old = try ThreeReleases.published(releases.afterA["staticfiles.json"] ?? [])
    for release in [1, 2] {
      #expect(collect(release).status == 0)
      let fresh = RunningServer("--root", root, "--access-log", "off")
      for server in [running, fresh] {
        let client = HTTPClient(port: server.port)
        let new = try ThreeReleases.published(
          ThreeReleases.content(of: root)["staticfiles.json"] ?? []
        )
        // The running server checks once a second for a new release. Until then it finds new names,
        // but treats them as not hashed.
        let isServed = eventually {
          new.allSatisfy {
            client.get("/static/\($0)")?["Cache-Control"]?.contains("immutable") == true
          }
        }
        #expect(isServed)
        for name in old + new {
          let answer = try #require(client.get("/static/\(name)"))
          #expect(answer.status == 200, "\(name)")
          #expect(answer.body == releases.afterA[name] ?? releases.afterABC[name], "\(name)")
          #expect(answer["Cache-Control"] == "max-age=315360000, public, immutable", "\(name)")
          #expect(answer["ETag"]?.contains("-") == false, "\(name): a tag of the content")
        }
      }
    }
    let last = TemporaryDirectory()
    last.write("something else", to: "e.txt")
    let result = Command.staticd("collect", last.path, "--root", root)
    #expect(result.output.contains("of older releases"), "\(result.errors)")
    let content = ThreeReleases.content(of: root)
    let server = RunningServer("--root", root, "--access-log", "off")
    let client = HTTPClient(port: server.port)
    let changing = old.filter { $0.hasPrefix("d/b.") || $0.hasPrefix("only0/") }
    #expect(changing.count == 2)
    for name in changing {
      #expect(client.get("/static/\(name)")?.status == 404, "\(name)")
      #expect(["", ".br", ".gz"].allSatisfy { content[name + $0] == nil }, "\(name)")
    }
  }
}
