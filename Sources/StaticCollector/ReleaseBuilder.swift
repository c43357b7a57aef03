internal import StaticAssets
internal import Synchronization

/// Writes and compresses the contents of a release, on several threads, and publishes it.
final class ReleaseBuilder: Sendable {
  private let publisher: Publisher
  private let plan: ReleasePlan
  private let policy: CompressionPolicy
  private let cache: CompressionCache?
  private let jobs: Int
  private let nextContent = Atomic<Int>(0)

  /// What came of one content.
  fileprivate struct Outcome: Sendable {
    var release = Publisher.StagedRelease()
    var files: [CollectedManifestText.File] = []
    var report = CollectReport()
  }

  init(
    _ publisher: consuming Publisher,
    _ plan: ReleasePlan,
    _ options: CollectOptions,
    _ cache: CompressionCache?
  ) {
    self.publisher = publisher
    self.plan = plan
    self.cache = cache
    policy = CompressionPolicy(codings: options.codings)
    jobs = options.jobs
  }

  /// Does the work.
  ///
  /// - Throws: `FileError` or `CollectError`.
  func run() async throws -> CollectReport {
    try checkObstacles()
    let outcome = try await buildAll()
    var manifests: [Publisher.Staged] = []
    let texts = [
      (ManifestName.collected, CollectedManifestText.of(outcome.files)),
      (ManifestName.django, DjangoManifestText.of(plan.paths)),
    ]
    for (name, text) in texts {
      if let staged = try publisher.stage(text, as: name) { manifests.append(staged) }
    }
    try publisher.publish(outcome.release, manifests: manifests)
    return outcome.report
  }

  /// Whether names of the release before have begun to be replaced.
  var hasBegun: Bool { publisher.hasBegun }

  /// Removes what was staged and not published.
  func cleanUp() {
    publisher.cleanUp()
  }

  private func checkObstacles() throws {
    var obstacles: Set<FilePath> = []
    let names = plan.contents.flatMap { $0.names.map(\.path) }
    for name in names + [ManifestName.collected, ManifestName.django] {
      if let obstacle = try publisher.obstacle(at: name) { obstacles.insert(obstacle) }
    }
    let problems = obstacles.map { obstacle in
      Problem(
        kind: .nameConflict,
        file: publisher.path(of: obstacle).description,
        line: nil,
        text: "this is in the way of the new release; remove it"
      )
    }
    guard problems.isEmpty else {
      throw CollectError.problems(problems.sorted { $0.file < $1.file })
    }
  }

  /// Builds every content; the threads take the next one from a common counter.
  private func buildAll() async throws -> Outcome {
    try await withThrowingTaskGroup(of: Outcome.self) { group in
      for _ in 0..<min(jobs, max(1, plan.contents.count)) {
        group.addTask { try self.buildSome() }
      }
      var total = Outcome()
      for try await part in group { total.add(part) }
      return total
    }
  }

  private func buildSome() throws -> Outcome {
    var outcome = Outcome()
    while !Task.isCancelled {
      let index = nextContent.add(1, ordering: .relaxed).oldValue
      guard index < plan.contents.count else { break }
      try build(plan.contents[index], into: &outcome)
    }
    return outcome
  }

  private func build(_ content: PlannedContent, into outcome: inout Outcome) throws {
    let isCompressible = content.names.contains { policy.compresses($0.path) }
    guard isCompressible || content.origin.isText else { return try copy(content, into: &outcome) }
    let bytes = try bytes(of: content)
    let compressed = isCompressible ? compress(content, bytes) : []
    try add(content, compressed, into: &outcome) { name in try publisher.stage(bytes, as: name) }
  }

  /// The codings of a content, made now or in an earlier run.
  private func compress(
    _ content: PlannedContent,
    _ bytes: [UInt8]
  ) -> [CompressionPolicy.Variant] {
    let known = cache?.results(of: content.digests) ?? []
    let (variants, results) = policy.compress(byteCount: bytes.count, known: known) { bytes }
    cache?.keep(results, besides: known, of: content.digests)
    return variants
  }

  /// Builds a content that is only copied, however large.
  private func copy(_ content: PlannedContent, into outcome: inout Outcome) throws {
    guard case .file(let source) = content.origin else { return }
    do {
      try add(content, [], into: &outcome) { name in
        try publisher.stage(copyOf: source, content, as: name)
      }
    } catch is Publisher.SourceChanged {
      throw Self.changed(source)
    }
  }

  private func add(
    _ content: PlannedContent,
    _ compressed: [CompressionPolicy.Variant],
    into outcome: inout Outcome,
    _ stageName: (FilePath) throws -> Publisher.Staged?
  ) throws {
    for name in content.names {
      let staged = try stageName(name.path)
      outcome.note(staged, name)
      let variants = policy.compresses(name.path) ? compressed : []
      let codings = try stage(variants, of: name, into: &outcome)
      outcome.files.append(
        CollectedManifestText.File(
          name: name.path,
          original: name.original,
          byteCount: content.byteCount,
          digests: content.digests,
          isHashed: name.isHashed,
          codings: codings
        )
      )
    }
  }

  /// Stages the codings of one name, and marks those of an older content for removal.
  private func stage(
    _ variants: [CompressionPolicy.Variant],
    of name: PlannedContent.Name,
    into outcome: inout Outcome
  ) throws -> [CollectedManifestText.Coding] {
    var codings: [CollectedManifestText.Coding] = []
    for coding in ContentCoding.preference {
      let file = name.path.appending(suffix: coding.fileSuffix)
      guard try isFree(file) else { continue }
      guard let variant = variants.first(where: { $0.coding == coding }) else {
        if try publisher.exists(file) { outcome.release.obsolete.append(file) }
        continue
      }
      if let staged = try publisher.stage(variant.bytes, as: file) {
        if name.path == name.original {
          outcome.release.variants.append(staged)
        } else {
          outcome.release.added.append(staged)
        }
      }
      outcome.report.noteCoding(coding, variant.bytes.count)
      codings.append(
        CollectedManifestText.Coding(
          coding: coding,
          file: file,
          byteCount: variant.bytes.count,
          md5: ContentDigests.md5(variant.bytes)
        )
      )
    }
    return codings
  }

  /// Whether a coding can be stored under `name`: no file or directory of the release has it, nor
  /// a directory of the root.
  private func isFree(_ name: FilePath) throws -> Bool {
    guard !plan.names.contains(name), !plan.directories.contains(name),
      name.lastComponent.bytes.count <= ReleasePlan.nameBytesMax
    else { return false }
    return try publisher.obstacle(at: name) == nil
  }

  /// The bytes of a content, which must still be those that were named.
  private func bytes(of content: PlannedContent) throws -> [UInt8] {
    switch content.origin {
    case .text(let text): return text
    case .file(let path):
      let bytes = try LoadedFile.read(path)
      guard ContentDigests(of: bytes) == content.digests else { throw Self.changed(path) }
      return bytes
    }
  }

  private static func changed(_ path: FilePath) -> CollectError {
    .problems([
      Problem(
        kind: .unreadable,
        file: path.description,
        line: nil,
        text: "this changed while it was collected; collect again"
      )
    ])
  }
}

extension ReleaseBuilder.Outcome {
  fileprivate mutating func note(_ staged: Publisher.Staged?, _ name: PlannedContent.Name) {
    if name.isHashed {
      report.postProcessedCount += 1
      if let staged { release.added.append(staged) }
      return
    }
    if name.path != name.original {
      // An original under its hash: new, and no copy that Django would count.
      if let staged { release.added.append(staged) }
    } else if let staged {
      report.copiedCount += 1
      release.originals.append(staged)
    } else {
      report.unmodifiedCount += 1
    }
  }

  fileprivate mutating func add(_ other: Self) {
    release.added += other.release.added
    release.originals += other.release.originals
    release.variants += other.release.variants
    release.obsolete += other.release.obsolete
    files += other.files
    report.add(other.report)
  }
}

extension CollectReport {
  mutating func noteCoding(_ coding: ContentCoding, _ byteCount: Int) {
    let (fileCount, sum) = codings[coding] ?? (0, 0)
    codings[coding] = (fileCount + 1, sum + byteCount)
  }

  mutating func add(_ other: CollectReport) {
    copiedCount += other.copiedCount
    unmodifiedCount += other.unmodifiedCount
    postProcessedCount += other.postProcessedCount
    for (coding, part) in other.codings {
      let (fileCount, sum) = codings[coding] ?? (0, 0)
      codings[coding] = (fileCount + part.fileCount, sum + part.byteCount)
    }
  }
}
