internal import StaticAssets
internal import Synchronization

/// Writes and compresses the contents of a release, on several threads, and publishes it.
final class ReleaseBuilder: Sendable {
  let publisher: Publisher
  let plan: ReleasePlan
  let layout: RootLayout
  let policy: CompressionPolicy
  let cache: CompressionCache?
  let jobs: Int
  private let keptReleaseCount: Int
  let nextContent = Atomic<Int>(0)
  let earlyFlush = EarlyFlush()

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
  func run() async throws -> ReleaseOutcome {
    try checkObstacles()
    var outcome = try await buildAll()
    outcome.release.directories = layout.topmostMissing
    try await finish(&outcome)
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
  private func finish(_ outcome: inout ReleaseOutcome) async throws(FileError) {
    let django = DjangoManifestText(plan.paths)
    for index in outcome.files.indices { outcome.files[index].release = django.hash }
    let history = publisher.history()
    let succession = try self.succession(django.hash, outcome.files, history)
    outcome.release.pruned = succession.prunedNames
    outcome.report.pruned = succession.prunedNames.map(\.description).sorted()
    let text = await CollectedManifestText.of(
      outcome.files + succession.kept,
      releases: succession.releases,
      jobs: jobs
    )
    var manifests: [FilePath] = []
    for (name, text) in [(ManifestName.collected, text), (ManifestName.django, django.bytes)]
    where !publisher.holds(text, at: name) {
      try publisher.stage(text, as: name)
      manifests.append(name)
    }
    let hasJournal = manifests.contains(ManifestName.collected)
    if hasJournal { try await stageJournal(outcome.files, history, succession) }
    try publisher.publish(outcome.release, manifests: manifests, hasJournal: hasJournal)
  }

  private func succession(
    _ label: [UInt8],
    _ files: [CollectedManifestText.File],
    _ history: ReleaseHistory
  ) throws(FileError) -> ReleaseSuccession {
    var succession = ReleaseSuccession(label, after: history, keptCount: keptReleaseCount) {
      plan.names.union(files.lazy.flatMap { $0.codings.map(\.file) })
    }
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
  ) async throws(FileError) {
    if history.isEmpty, (try? publisher.stageJournal()) != nil { return }
    // Until the manifests are published the releases are those of before.
    let text = await CollectedManifestText.of(
      files + succession.kept + succession.pruned,
      releases: history.releases,
      jobs: jobs
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
  func obstacle(at name: FilePath) throws(FileError) -> FilePath? {
    switch layout.place(ofDirectoryOf: name) {
    case .missing: nil
    case .obstacle(let obstacle): obstacle
    case .directory: try publisher.status(of: name)?.isDirectory == true ? name : nil
    }
  }
}
