internal import StaticAssets
internal import Synchronization

/// Writes and compresses the contents of a release, on several threads, and publishes it.
final class ReleaseBuilder: Sendable {
  private let publisher: Publisher
  private let plan: ReleasePlan
  private let layout: RootLayout
  private let policy: CompressionPolicy
  private let cache: CompressionCache?
  private let options: CollectOptions
  private let progress: CollectProgress
  private let nextContent = Atomic<Int>(0)

  /// What came of some contents.
  struct Outcome: Sendable {
    fileprivate(set) var files: [CollectedManifestText.File] = []
    fileprivate(set) var report: CollectReport
    fileprivate var release = Publisher.StagedRelease()

    fileprivate init(_ options: CollectOptions) {
      report = CollectReport(options)
    }
  }

  /// - Throws: when the root cannot be looked at.
  init(
    _ publisher: consuming Publisher,
    _ plan: ReleasePlan,
    _ options: CollectOptions,
    _ cache: CompressionCache?,
    _ progress: CollectProgress
  ) throws(FileError) {
    layout = try publisher.layout(plan.directories)
    self.publisher = publisher
    self.plan = plan
    self.cache = cache
    self.options = options
    self.progress = progress
    policy = CompressionPolicy(
      codings: options.codings,
      skippedExtensions: options.skippedExtensions
    )
  }

  /// Does the work.
  ///
  /// - Throws: `FileError` or `CollectError`.
  func run() async throws -> Outcome {
    try checkObstacles()
    var outcome = try await buildAll()
    outcome.release.directories = layout.topmostMissing
    progress.begin(.publishing, count: 0)
    if options.postProcesses {
      try finish(&outcome)
    } else {
      outcome.release.pruned = try leftovers(&outcome)
      try publisher.publish(outcome.release, manifests: [], hasJournal: false)
    }
    outcome.report.note(outcome.files)
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
    outcome.report.pruned = options.clearsRoot ? [] : succession.prunedNames
    let leftovers = try leftovers(&outcome)
    outcome.release.pruned = options.clearsRoot ? leftovers : succession.prunedNames + leftovers
    let text = CollectedManifestText.of(
      outcome.files + succession.kept,
      releases: succession.releases
    )
    var manifests: [FilePath] = []
    for (name, text) in [(ManifestName.collected, text), (ManifestName.django, django.bytes)]
    where outcome.release.isReplacing && name == ManifestName.collected
      || !publisher.holds(text, at: name)
    {
      try publisher.stage(text, as: name)
      manifests.append(name)
    }
    let hasJournal = manifests.contains(ManifestName.collected)
    if hasJournal { try stageJournal(outcome.files, history, succession) }
    try publisher.publish(outcome.release, manifests: manifests, hasJournal: hasJournal)
  }

  /// What goes when the release is the current one besides files of older releases: all else, or
  /// files whose hashed name alone is wanted now.
  private func leftovers(_ outcome: inout Outcome) throws(FileError) -> [FilePath] {
    guard !options.clearsRoot else {
      let codings = outcome.files.flatMap { $0.codings.map(\.file) }
      let kept = ReleaseNames(plan, options, codings: codings)
      outcome.report.deleted = try publisher.names().filter { !kept.contains($0) }
      return outcome.report.deleted
    }
    let suffixes = [""] + ContentCoding.preference.map(\.fileSuffix)
    var leftovers: [FilePath] = []
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
  ) throws(FileError) -> ReleaseSuccession {
    var current = plan.names
    for file in files { current.formUnion(file.codings.map(\.file)) }
    var succession = ReleaseSuccession(
      label,
      after: history,
      keptCount: options.clearsRoot ? 1 : options.keptReleaseCount,
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
    for name in plan.neededNames(options) {
      if let obstacle = try obstacle(at: name) { obstacles.insert(obstacle) }
    }
    guard obstacles.isEmpty else {
      throw CollectError.problems(.obstacles(obstacles, in: publisher.path(of: FilePath(""))))
    }
  }

  /// What keeps a file from being put at `name`: a directory, or a file where a directory has to be.
  private func obstacle(at name: FilePath) throws(FileError) -> FilePath? {
    try layout.obstacle(at: name) { (name) throws(FileError) in try publisher.status(of: name) }
  }

  /// Builds every content; the threads take the next one from a common counter.
  private func buildAll() async throws -> Outcome {
    try await withThrowingTaskGroup(of: Outcome.self) { group in
      progress.begin(.building, plan.contents) { self.isCompressed($0) }
      for _ in 0..<min(options.jobs, max(1, plan.contents.count)) {
        group.addTask { try self.buildSome() }
      }
      var total = Outcome(options)
      for try await part in group { total.add(part) }
      return total
    }
  }

  private func buildSome() throws -> Outcome {
    var outcome = Outcome(options)
    while !Task.isCancelled {
      let index = nextContent.add(1, ordering: .relaxed).oldValue
      guard index < plan.contents.count else { break }
      let content = plan.contents[index]
      progress.start(content.names[0].path)
      try build(content, into: &outcome)
      progress.finish(content.names[0].path, isCompressed(content) ? content.byteCount : 0)
    }
    return outcome
  }

  private func isCompressed(_ content: PlannedContent) -> Bool {
    content.names.contains { !isLinked($0) && policy.compresses($0.path) }
  }

  /// Whether a name is a link to its source, which may change at any time.
  private func isLinked(_ name: PlannedContent.Name) -> Bool {
    options.linksOriginals && name.isOriginal && !name.isHashed
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
    let isCompressible = isCompressed(content)
    let variants = isCompressible ? try compress(content, bytes) : []
    for name in content.names {
      guard !isLinked(name) else {
        try link(name, into: &outcome)
        continue
      }
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

  /// Links a name to its source.
  ///
  /// No coding and no line of our manifest goes with it, for they would be wrong as soon as the
  /// source changes.
  private func link(_ name: PlannedContent.Name, into outcome: inout Outcome) throws {
    let source = name.source.absolute
    let isStaged = layout.isNew(name.path) || !publisher.isLink(name.path, to: source)
    if isStaged { try publisher.stage(linkTo: source, as: name.path) }
    outcome.report.note(name, isStaged ? .linked : .upToDate)
    if isStaged, !layout.isNew(name.path) { outcome.release.originals.append(name.path) }
    _ = try stage([], of: name, into: &outcome)
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
    report.note(name, isStaged ? .written : .upToDate)
    guard isStaged, !isNew else { return }
    // Another original may have stood under its own name; nothing else can under a hashed one.
    if name.isOriginal {
      release.originals.append(name.path)
    } else {
      release.added.append(name.path)
    }
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
