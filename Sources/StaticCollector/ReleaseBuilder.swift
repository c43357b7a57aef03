internal import StaticAssets
internal import Synchronization

/// Writes and compresses the contents of a release, on several threads, and publishes it.
final class ReleaseBuilder: Sendable {
  private let publisher: Publisher
  private let plan: ReleasePlan
  private let layout: RootLayout
  private let policy: CompressionPolicy
  private let cache: CompressionCache?
  private let jobs: Int
  private let keptReleaseCount: Int
  private let nextContent = Atomic<Int>(0)

  /// What came of some contents.
  struct Outcome: Sendable {
    fileprivate(set) var files: [CollectedManifestText.File] = []
    fileprivate(set) var report = CollectReport()
    fileprivate var release = Publisher.StagedRelease()
  }

  /// - Throws: when the root cannot be looked at.
  init(
    _ publisher: consuming Publisher,
    _ plan: ReleasePlan,
    _ options: CollectOptions,
    _ cache: CompressionCache?
  ) throws(FileError) {
    layout = try publisher.layout(plan.directories)
    self.publisher = publisher
    self.plan = plan
    self.cache = cache
    policy = CompressionPolicy(codings: options.codings)
    jobs = options.jobs
    keptReleaseCount = options.keptReleaseCount
  }

  /// Does the work.
  ///
  /// - Throws: `FileError` or `CollectError`.
  func run() async throws -> Outcome {
    try checkObstacles()
    var outcome = try await buildAll()
    outcome.release.directories = layout.topmostMissing
    try finish(&outcome)
    return outcome
  }

  /// How far the release has come.
  var phase: Publisher.Phase { publisher.phase }

  /// Whether nothing is left to clean up by the next run.
  var isTidy: Bool { publisher.isTidy }

  /// Removes what was staged and not published.
  func cleanUp() {
    publisher.cleanUp()
  }

  /// Stages the manifests and publishes all that is staged.
  private func finish(_ outcome: inout Outcome) throws(FileError) {
    let django = DjangoManifestText(plan.paths)
    for index in outcome.files.indices { outcome.files[index].release = django.hash }
    let history = publisher.history()
    let succession = try self.succession(django.hash, outcome.files, history)
    outcome.release.pruned = succession.prunedNames
    outcome.report.pruned = succession.prunedNames.map(\.description).sorted()
    let text = CollectedManifestText.of(
      outcome.files + succession.kept,
      releases: succession.releases
    )
    var manifests: [FilePath] = []
    for (name, text) in [(ManifestName.collected, text), (ManifestName.django, django.bytes)]
    where !publisher.holds(text, at: name) {
      try publisher.stage(text, as: name)
      manifests.append(name)
    }
    let hasJournal = manifests.contains(ManifestName.collected)
    if hasJournal { try stageJournal(outcome.files, history, succession) }
    try publisher.publish(outcome.release, manifests: manifests, hasJournal: hasJournal)
  }

  private func succession(
    _ label: [UInt8],
    _ files: [CollectedManifestText.File],
    _ history: ReleaseHistory
  ) throws(FileError) -> ReleaseSuccession {
    var current = plan.names
    for file in files { current.formUnion(file.codings.map(\.file)) }
    var succession = ReleaseSuccession(
      label,
      after: history,
      keptCount: keptReleaseCount,
      current: current
    )
    try succession.forget { (file) throws(FileError) in
      let status = try publisher.status(of: file.name)
      return status?.isRegular != true || status?.byteCount != Int64(file.byteCount)
    }
    return succession
  }

  /// Stages what the next run has to know if this one is killed while it publishes.
  private func stageJournal(
    _ files: [CollectedManifestText.File],
    _ history: ReleaseHistory,
    _ succession: ReleaseSuccession
  ) throws(FileError) {
    if history.isEmpty, (try? publisher.stageJournal()) != nil { return }
    // Until the manifests are published the releases are those of before.
    let text = CollectedManifestText.of(
      files + succession.kept + succession.pruned,
      releases: history.releases
    )
    try publisher.stage(text, as: ReleaseHistory.journalName)
  }

  private func checkObstacles() throws {
    var obstacles: Set<FilePath> = []
    let names = plan.contents.flatMap { $0.names.map(\.path) }
    for name in names + [ManifestName.collected, ManifestName.django] {
      if let obstacle = try obstacle(at: name) { obstacles.insert(obstacle) }
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

  /// What keeps a file from being put at `name`: a directory, or a file where a directory has to be.
  private func obstacle(at name: FilePath) throws(FileError) -> FilePath? {
    switch layout.place(ofDirectoryOf: name) {
    case .missing: nil
    case .obstacle(let obstacle): obstacle
    case .directory: try publisher.status(of: name)?.isDirectory == true ? name : nil
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
    // Read when somebody needs them: with everything in the cache and in the root, nobody does.
    var loaded: [UInt8]?
    func bytes() throws -> [UInt8] {
      if let loaded { return loaded }
      let bytes = try self.bytes(of: content)
      loaded = bytes
      return bytes
    }
    let isCompressible = content.names.contains { policy.compresses($0.path) }
    let variants = isCompressible ? try compress(content, bytes) : []
    for name in content.names {
      let isStaged = layout.isNew(name.path) || !publisher.holds(content, at: name.path)
      if isStaged {
        if case .file(let source) = content.origin, !isCompressible {
          try stage(copyOf: source, content, as: name.path)
        } else {
          try publisher.stage(try bytes(), as: name.path)
        }
      }
      outcome.note(name, isStaged: isStaged, isNew: layout.isNew(name.path))
      let kept = policy.compresses(name.path) ? variants : []
      outcome.files.append(
        CollectedManifestText.File(
          name: name.path,
          original: name.original,
          byteCount: content.byteCount,
          digests: content.digests,
          isHashed: name.isHashed,
          codings: try stage(kept, of: name, into: &outcome)
        )
      )
    }
  }

  /// The codings of a content, made now or in an earlier run.
  private func compress(
    _ content: PlannedContent,
    _ bytes: () throws -> [UInt8]
  ) throws -> [CompressionPolicy.Variant] {
    let known = cache?.results(of: content.digests) ?? []
    let (variants, results) = try policy.compress(
      byteCount: content.byteCount,
      known: known,
      bytes
    )
    cache?.keep(results, besides: known, of: content.digests)
    return variants
  }

  /// Stages a file that is only copied, however large.
  private func stage(
    copyOf source: FilePath,
    _ content: PlannedContent,
    as name: FilePath
  ) throws {
    do {
      try publisher.stage(copyOf: source, content, as: name)
    } catch is Publisher.SourceChanged {
      throw Self.changed(source)
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
        if try exists(file) { outcome.release.obsolete.append(file) }
        continue
      }
      if layout.isNew(file) || !publisher.holds(variant.bytes, at: file) {
        try publisher.stage(variant.bytes, as: file)
        outcome.note(variant: file, of: name, isNew: layout.isNew(file))
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

  /// Whether there is a file or a link `name` in the root.
  private func exists(_ name: FilePath) throws(FileError) -> Bool {
    guard !layout.isNew(name), let status = try publisher.status(of: name) else { return false }
    return status.isRegular || status.isLink
  }

  /// Whether a coding can be stored under `name`: no file or directory of the release has it, nor
  /// a directory of the root.
  private func isFree(_ name: FilePath) throws(FileError) -> Bool {
    guard !plan.names.contains(name), !plan.directories.contains(name),
      name.lastComponent.bytes.count <= ReleasePlan.nameBytesMax
    else { return false }
    return try obstacle(at: name) == nil
  }

  /// The bytes of a content, which must still be those that were named.
  private func bytes(of content: PlannedContent) throws -> [UInt8] {
    switch content.origin {
    case .text(let text): return text
    case .file(let path):
      let bytes = try LoadedFile.read(path)
      guard ContentDigests.sha256(bytes[...]) == content.digests.sha256 else {
        throw Self.changed(path)
      }
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
  /// Counts a name, and notes when its file is to be published; one in a new directory is published
  /// with that.
  fileprivate mutating func note(_ name: PlannedContent.Name, isStaged: Bool, isNew: Bool) {
    // An original under its hash is new, and no copy that Django would count.
    let isOriginal = name.path == name.original && !name.isHashed
    if name.isHashed {
      report.postProcessedCount += 1
    } else if isOriginal {
      if isStaged { report.copiedCount += 1 } else { report.unmodifiedCount += 1 }
    }
    guard isStaged, !isNew else { return }
    if isOriginal { release.originals.append(name.path) } else { release.added.append(name.path) }
  }

  /// Notes that a coding is to be published.
  fileprivate mutating func note(variant: FilePath, of name: PlannedContent.Name, isNew: Bool) {
    guard !isNew else { return }
    if name.path == name.original {
      release.variants.append(variant)
    } else {
      release.added.append(variant)
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
