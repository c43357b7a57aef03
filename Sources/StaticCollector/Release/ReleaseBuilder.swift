internal import StaticAssets
internal import Synchronization

/// Writes and compresses the contents of a release on several threads, and publishes it.
final class ReleaseBuilder: Sendable {
  let publisher: Publisher
  let plan: ReleasePlan
  /// The files of earlier releases in the plan.
  let carried: CarriedFiles
  let layout: RootLayout
  let policy: CompressionPolicy
  let cache: CompressionCache?
  let options: CollectOptions
  let progress: CollectProgress
  let nextBlock = Atomic<Int>(0)
  let earlyFlush = EarlyFlush()

  /// - Throws: when the root cannot be read.
  init(
    _ publisher: consuming Publisher,
    _ plan: ReleasePlan,
    _ carried: CarriedFiles,
    _ options: CollectOptions,
    _ cache: CompressionCache?,
    _ progress: CollectProgress
  ) throws(FileError) {
    layout = try publisher.layout(plan.directories, isCleared: options.clearsRoot)
    self.publisher = publisher
    self.plan = plan
    self.carried = carried
    self.cache = cache
    self.options = options
    self.progress = progress
    policy = CompressionPolicy(
      codings: options.codings,
      skippedExtensions: options.skippedExtensions,
      memory: options.compressionMemory
    )
  }

  /// Builds and publishes the release.
  ///
  /// - Throws: `FileError` or `CollectError`.
  func run() async throws -> ReleaseOutcome {
    try checkObstacles()
    try checkDictionaries()
    var outcome = try await buildAll()
    var lastLabel: [UInt8]?
    outcome.release.directories = layout.topmostMissing
    if options.postProcesses {
      lastLabel = try await finish(&outcome)
    } else {
      outcome.release.obstacles = try obstacles(of: outcome.release)
      outcome.release.pruned = try leftovers(&outcome)
      progress.begin(.publishing, count: 0)
      try publisher.publish(outcome.release, manifests: [], hasJournal: false)
    }
    let others = Set(carried.files.map(\.name))
    outcome.report.note(outcome.files.filter { !others.contains($0.name) }, last: lastLabel)
    return outcome
  }

  /// The progress of the publication.
  var phase: Publisher.Phase { publisher.phase }

  /// Whether the next run has nothing to clean up.
  var isTidy: Bool { publisher.isTidy }

  /// Removes staged files that were not published.
  func cleanUp() {
    publisher.cleanUp()
  }

  /// Stages the manifests and publishes everything that is staged.
  ///
  /// - Returns: the label of the previous release, if it stays in the root.
  private func finish(_ outcome: inout ReleaseOutcome) async throws -> [UInt8]? {
    let django = DjangoManifestText(plan.paths)
    for index in outcome.files.indices {
      if outcome.files[index].release.isEmpty { outcome.files[index].release = django.hash }
      outcome.files[index].pattern = pattern(of: outcome.files[index])
    }
    let found = publisher.history()
    let history = options.clearsRoot ? ReleaseHistory() : found
    let labels = RetentionPlan.releases(
      django.hash,
      after: history,
      carried: carried.releases,
      keptCount: keptCount
    )
    try await addDeltas(to: &outcome, after: history, labels)
    progress.begin(.publishing, count: 0)
    let succession = try self.succession(django.hash, outcome.files, history)
    outcome.report.pruned = options.clearsRoot ? [] : succession.prunedNames
    outcome.release.obstacles = try obstacles(of: outcome.release)
    let leftovers = try leftovers(&outcome)
    outcome.release.pruned = options.clearsRoot ? leftovers : succession.prunedNames + leftovers
    outcome.report.changed = changed(outcome.files, found, removed: leftovers)
    let text = await CollectedManifestText.of(
      outcome.files + succession.kept,
      releases: succession.releases,
      deltas: options.makesDeltas ? options.deltaReleaseCount : 0,
      serving: options.servingRecord,
      sourceTime: options.sourceTime,
      jobs: options.jobCount
    )
    var manifests: [BytePath] = []
    for (name, text) in [(ManifestName.collected, text), (ManifestName.django, django.bytes)]
    where outcome.release.isReplacing && name == ManifestName.collected
      || !publisher.holds(text, at: name)
    {
      try publisher.stage(text, as: name)
      manifests.append(name)
    }
    let hasJournal = manifests.contains(ManifestName.collected)
    if hasJournal { try await stageJournal(outcome.files, history, succession) }
    try publisher.publish(outcome.release, manifests: manifests, hasJournal: hasJournal)
    return labels.dropFirst().first
  }

  /// What is removed besides files of older releases once the release is current.
  ///
  /// All other files in a root that is cleared, or else files that are now published under their
  /// hashed names only.
  private func leftovers(_ outcome: inout ReleaseOutcome) throws(FileError) -> [BytePath] {
    guard !options.clearsRoot else {
      let codings = outcome.files.flatMap { $0.codings.map(\.file) }
      let kept = ReleaseNames(plan, options, codings: codings)
      let obstacles = outcome.release.obstacles
      outcome.report.deleted = try publisher.names().filter {
        !kept.contains($0) || layout.obstacles.contains($0)
      }
      // What is moved away is in the staging directory by then.
      return outcome.report.deleted.filter { name in !obstacles.contains { name.isInside($0) } }
    }
    let suffixes = [""] + ContentCoding.preference.map(\.fileSuffix)
    var leftovers: [BytePath] = []
    for name in plan.dropped {
      for suffix in suffixes {
        let file = name.appending(suffix: suffix)
        if try isFree(file), try exists(file) { leftovers.append(file) }
      }
    }
    return leftovers
  }

  private func succession(
    _ label: [UInt8],
    _ files: [CollectedManifestText.File],
    _ history: ReleaseHistory
  ) throws(FileError) -> RetentionPlan {
    var succession = RetentionPlan(
      label,
      after: history,
      carried: carried.releases,
      keptCount: keptCount,
      files
    ) {
      plan.names.union(files.lazy.flatMap { $0.codings.map(\.file) })
    }
    try succession.forget { (file) throws(FileError) in
      let status = try publisher.status(of: file.name)
      return status?.isRegular != true || status?.byteCount != Int64(file.byteCount)
    }
    return succession
  }

  /// The files under their own names whose content differs from the previous release.
  ///
  /// Copies of them in shared caches are outdated. After a killed run it is unknown what the
  /// previous release had, so all of them are returned.
  private func changed(
    _ files: [CollectedManifestText.File],
    _ history: ReleaseHistory,
    removed: [BytePath]
  ) -> [BytePath] {
    let before = history.isEmpty ? carried.originals : history.originals
    let originals = files.filter { $0.name == $0.original && !$0.isHashed }
    let changed = originals.filter { file in
      guard !history.isInterrupted else { return true }
      return before[file.name].map { $0 != file.digests.sha256 } ?? false
    }
    // A fresh root lacks what only the carried release had.
    var gone = Set(history.isEmpty ? Array(before.keys) : [])
    gone.formUnion(removed.filter(Self.isOriginal))
    return changed.map(\.name) + gone.subtracting(originals.map(\.name))
  }

  /// Whether a name in a root is neither hashed nor that of a coding.
  private static func isOriginal(_ name: BytePath) -> Bool {
    !HashedName.looksHashed(name) && ContentCoding.stored(name) == nil
  }

  /// The number of releases in the root after this run.
  private var keptCount: Int {
    options.clearsRoot && carried.releases.isEmpty ? 1 : options.keptReleaseCount
  }

  /// Stages the journal, from which the next run cleans up if this one is killed while it
  /// publishes.
  private func stageJournal(
    _ files: [CollectedManifestText.File],
    _ history: ReleaseHistory,
    _ succession: RetentionPlan
  ) async throws(FileError) {
    if history.isEmpty, (try? publisher.stageJournal()) != nil { return }
    // Until the manifests are published, the old releases are current.
    let text = await CollectedManifestText.of(
      (files + succession.kept + succession.pruned).map { file in
        // Includes deltas that are yet to be removed.
        guard let stale = succession.staleDeltas[file.name] else { return file }
        return file.with(codings: file.codings + stale)
      },
      releases: history.releases,
      deltas: 0,
      serving: nil,
      sourceTime: nil,
      jobs: options.jobCount
    )
    try publisher.stage(text, as: ReleaseHistory.journalName)
  }

  /// What is moved away from the release's names: files in the place of directories, directories in
  /// the place of files.
  private func obstacles(
    of release: Publisher.StagedRelease
  ) throws(FileError) -> [BytePath] {
    guard options.clearsRoot else { return [] }
    let manifests = options.postProcesses ? [ManifestName.collected, ManifestName.django] : []
    var obstacles = layout.obstacles
    for name in release.added + release.originals + release.variants + manifests
    where try publisher.status(of: name)?.isDirectory == true {
      obstacles.append(name)
    }
    return obstacles
  }

  private func checkObstacles() throws {
    var obstacles: Set<BytePath> = []
    for name in plan.neededNames(options) {
      if let obstacle = try obstacle(at: name) { obstacles.insert(obstacle) }
    }
    guard obstacles.isEmpty else {
      throw CollectError.problems(.obstacles(obstacles, in: publisher.path(of: BytePath(""))))
    }
  }

  /// What prevents a file at `name`: a directory, or a file in the place of one of its parents.
  func obstacle(at name: BytePath) throws(FileError) -> BytePath? {
    try layout.obstacle(at: name) { (name) throws(FileError) in try publisher.status(of: name) }
  }
}
