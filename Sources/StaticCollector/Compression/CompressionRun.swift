internal import StaticAssets
internal import Synchronization

/// One run over one directory; its tasks take files from a shared counter.
final class CompressionRun: Sendable {
  private let directory: Directory
  private let staging: Directory
  private let stagingName: BytePath
  private let lock: RootLock
  private let policy: CompressionPolicy
  private let collected: CollectedNames
  private let collectedCount: Int
  private let progress: CollectProgress
  private let files: [(name: BytePath, byteCount: Int)]
  private let nextFile = Atomic<Int>(0)

  init(
    _ directory: consuming Directory,
    _ lock: RootLock,
    _ policy: CompressionPolicy,
    _ collected: CollectedNames,
    _ progress: CollectProgress
  ) throws(FileError) {
    var files: [(name: BytePath, byteCount: Int)] = []
    var collectedCount = 0
    for name in try directory.names() where policy.compresses(name) {
      guard !collected.contains(name) else {
        collectedCount += 1
        continue
      }
      // A dangling link, or a link to a directory, is not compressed.
      guard let status = try? FileStatus.of(name, in: directory.number), status.isRegular else {
        continue
      }
      files.append((name, Int(status.byteCount)))
    }
    // The largest files first, so that no job is left with a large one at the end.
    self.files = files.sorted { $0.byteCount > $1.byteCount }
    self.policy = policy
    self.collected = collected
    self.collectedCount = collectedCount
    self.progress = progress
    stagingName = try Publisher.makeStaging(in: directory, lock)
    staging = try Directory(
      stagingName,
      in: directory.number,
      shownAs: directory.path.appending(stagingName)
    )
    self.lock = lock
    self.directory = directory
  }

  func cleanUp() {
    // A failed removal is left to the next run.
    try? directory.removeTree(stagingName)
  }

  func compressAll(jobs: Int) async throws -> CompressReport {
    progress.begin(files: files.map(\.byteCount))
    return try await withThrowingTaskGroup(of: CompressReport.self) { group in
      for _ in 0..<min(jobs, max(1, files.count)) {
        group.addTask { try self.compressSome() }
      }
      var total = CompressReport()
      total.collectedCount = collectedCount
      for try await part in group {
        total.variants += part.variants
        total.removed += part.removed
        total.problems += part.problems
      }
      total.variants.sort { $0.name < $1.name }
      total.removed.sort { $0 < $1 }
      total.problems.sort { $0.file < $1.file }
      return total
    }
  }

  private func compressSome() throws -> CompressReport {
    var report = CompressReport()
    while !Task.isCancelled {
      let index = nextFile.add(1, ordering: .relaxed).oldValue
      guard index < files.count else { break }
      let (name, byteCount) = files[index]
      progress.start(name)
      try compress(name, index, &report)
      progress.finish(name, byteCount)
    }
    return report
  }

  private func compress(_ name: BytePath, _ number: Int, _ report: inout CompressReport) throws {
    let shown = directory.path.appending(name)
    let bytes: [UInt8]
    let times: FileTimes
    do throws(FileError) {
      let file = try Descriptor.open(name, in: directory.number, flags: FileFlags.read)
      times = try FileTimes(of: file, path: shown)
      bytes = try file.readAll(path: shown)
    } catch {
      let text = "cannot \(error.operation) this: \(FileError.text(of: error.code))"
      report.problems.append(
        Problem(kind: .unreadable, file: name, at: shown, text: text)
      )
      return
    }
    let results = policy.compress(byteCount: bytes.count) { bytes }.variants
    for coding in ContentCoding.preference {
      let variant = name.appending(suffix: coding.fileSuffix)
      guard !collected.contains(variant) else { continue }
      guard !ReleasePlan.isTooLong(variant) else {
        if results.contains(where: { $0.coding == coding }) {
          let text = ReleasePlan.text(ofTooLong: variant)
          report.problems.append(
            Problem(severity: .warning, kind: .nameConflict, file: name, at: shown, text: text)
          )
        }
        continue
      }
      if let result = results.first(where: { $0.coding == coding }) {
        guard try directory.status(of: variant)?.isDirectory != true else {
          report.problems.append(
            Problem(
              severity: .warning,
              kind: .nameConflict,
              file: variant,
              at: directory.path.appending(variant),
              text: "this directory is in the way of a compressed file; remove it"
            )
          )
          continue
        }
        let isWritten = try store(result.bytes, variant, times, number)
        report.variants.append(
          CompressReport.Variant(
            name: variant,
            coding: coding,
            originalByteCount: bytes.count,
            byteCount: result.bytes.count,
            isWritten: isWritten
          )
        )
      } else if try removeStale(variant, coding, bytes) {
        report.removed.append(variant)
      }
    }
  }

  /// Stores a coding unless it is stored already; returns whether it was written.
  private func store(
    _ bytes: [UInt8],
    _ name: BytePath,
    _ times: FileTimes,
    _ number: Int
  ) throws(FileError) -> Bool {
    if directory.holds(bytes, at: name, mode: times.mode) { return false }
    let staged = BytePath("\(number)")
    try staging.write(bytes, to: staged, mode: Directory.FileMode(bits: times.mode))
    try times.apply(to: staged, in: staging.number, shownAs: directory.path.appending(name))
    try staging.rename(staged, to: name, in: directory)
    return true
  }

  /// Removes a coding that does not decode to `bytes`; returns whether it was removed.
  private func removeStale(
    _ name: BytePath,
    _ coding: ContentCoding,
    _ bytes: [UInt8]
  ) throws(FileError) -> Bool {
    guard let status = try directory.status(of: name), status.isRegular else { return false }
    let file = try Descriptor.open(name, in: directory.number, flags: FileFlags.read)
    let coded = try file.readAll(path: directory.path.appending(name))
    guard !Decoding.of(coded, coding, is: bytes) else { return false }
    try directory.remove(name)
    return true
  }
}
