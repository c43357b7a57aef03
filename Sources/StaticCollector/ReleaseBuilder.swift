internal import StaticAssets
internal import Synchronization

/// Writes and compresses the contents of a release, on several threads, and publishes it.
final class ReleaseBuilder: Sendable {
  private let publisher: Publisher
  private let plan: ReleasePlan
  private let policy: CompressionPolicy
  private let jobs: Int
  private let nextContent = Atomic<Int>(0)

  /// What came of one content.
  fileprivate struct Outcome: Sendable {
    var added: [Publisher.Staged] = []
    var replaced: [Publisher.Staged] = []
    var obsolete: [FilePath] = []
    var files: [CollectedManifestText.File] = []
    var report = CollectReport()
  }

  init(_ publisher: consuming Publisher, _ plan: ReleasePlan, _ options: CollectOptions) {
    self.publisher = publisher
    self.plan = plan
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
    try publisher.publish(
      added: outcome.added,
      replaced: outcome.replaced,
      manifests: manifests,
      obsolete: outcome.obsolete
    )
    return outcome.report
  }

  /// Removes what was staged and not published.
  func cleanUp() {
    publisher.cleanUp()
  }

  private func checkObstacles() throws {
    var problems: [Problem] = []
    for content in plan.contents {
      for name in content.names {
        guard let obstacle = try publisher.obstacle(at: name.path) else { continue }
        problems.append(
          Problem(
            kind: .nameConflict,
            file: name.original.description,
            line: nil,
            text: "'\(obstacle)' is in the way in the root; remove it"
          )
        )
      }
    }
    guard problems.isEmpty else { throw CollectError.problems(problems) }
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
    let bytes = try bytes(of: content)
    let isCompressible = content.names.contains { policy.compresses($0.path) }
    let compressed = isCompressible ? policy.compress(bytes) : []
    for name in content.names {
      let staged = try publisher.stage(bytes, as: name.path)
      outcome.note(staged, name)
      let variants = policy.compresses(name.path) ? compressed : []
      let codings = try stage(variants, of: name, into: &outcome)
      outcome.files.append(
        CollectedManifestText.File(
          name: name.path,
          original: name.original,
          byteCount: bytes.count,
          digests: content.digests,
          isHashed: name.isHashed,
          codings: codings
        )
      )
    }
  }

  /// Stages the codings of one name, and marks those of an older content for removal.
  private func stage(
    _ variants: [(coding: ContentCoding, bytes: [UInt8])],
    of name: PlannedContent.Name,
    into outcome: inout Outcome
  ) throws -> [CollectedManifestText.Coding] {
    var codings: [CollectedManifestText.Coding] = []
    for coding in ContentCoding.preference {
      let file = name.path.appending(suffix: coding.fileSuffix)
      guard !plan.names.contains(file) else { continue }
      guard let variant = variants.first(where: { $0.coding == coding }) else {
        if try publisher.exists(file) { outcome.obsolete.append(file) }
        continue
      }
      if let staged = try publisher.stage(variant.bytes, as: file) {
        name.isHashed ? outcome.added.append(staged) : outcome.replaced.append(staged)
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

  /// The bytes of a content, which must still be those that were named.
  private func bytes(of content: PlannedContent) throws -> [UInt8] {
    switch content.origin {
    case .text(let text): return text
    case .file(let path):
      let bytes = try LoadedFile.read(path)
      guard ContentDigests(of: bytes) == content.digests else {
        throw CollectError.problems([
          Problem(
            kind: .unreadable,
            file: path.description,
            line: nil,
            text: "this changed while it was collected; collect again"
          )
        ])
      }
      return bytes
    }
  }
}

extension ReleaseBuilder.Outcome {
  fileprivate mutating func note(_ staged: Publisher.Staged?, _ name: PlannedContent.Name) {
    if name.isHashed {
      report.postProcessedCount += 1
      if let staged { added.append(staged) }
      return
    }
    if name.path != name.original {
      // An original under its hash: new, and no copy that Django would count.
      if let staged { added.append(staged) }
    } else if let staged {
      report.copiedCount += 1
      replaced.append(staged)
    } else {
      report.unmodifiedCount += 1
    }
  }

  fileprivate mutating func add(_ other: Self) {
    added += other.added
    replaced += other.replaced
    obsolete += other.obsolete
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
