internal import StaticAssets
internal import Synchronization

/// Writes and compresses the contents of a release, on several threads, and publishes it.
final class ReleaseBuilder: Sendable {
  private let publisher: Publisher
  private let plan: ReleasePlan
  private let policy: CompressionPolicy
  private let options: CollectOptions
  private let progress: CollectProgress
  private let nextContent = Atomic<Int>(0)

  /// What came of one content.
  fileprivate struct Outcome: Sendable {
    var release = Publisher.StagedRelease()
    var files: [CollectedManifestText.File] = []
    var report: CollectReport
  }

  init(
    _ publisher: consuming Publisher,
    _ plan: ReleasePlan,
    _ options: CollectOptions,
    _ progress: CollectProgress
  ) {
    self.publisher = publisher
    self.plan = plan
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
  func run() async throws -> CollectReport {
    try checkObstacles()
    var outcome = try await buildAll()
    outcome.release.leftovers = try leftovers(outcome)
    let manifests = options.postProcesses ? try stageManifests(outcome) : []
    progress.begin(.publishing, count: 0)
    try publisher.publish(outcome.release, manifests: manifests)
    if options.clearsRoot { outcome.report.deleted = outcome.release.leftovers }
    outcome.report.files = outcome.files.map { file in
      CollectReport.StoredFile(
        name: file.name,
        byteCount: file.byteCount,
        codings: file.codings.map { ($0.coding, $0.byteCount) }
      )
    }
    outcome.report.sort()
    return outcome.report
  }

  private func stageManifests(_ outcome: Outcome) throws -> [Publisher.Staged] {
    // Replacing a file takes our manifest away for a moment, so it has to be put back.
    let isReplacing = !outcome.release.originals.isEmpty || !outcome.release.variants.isEmpty
    let ours = CollectedManifestText.of(outcome.files)
    let django = DjangoManifestText.of(plan.paths)
    return try [
      publisher.stage(ours, as: ManifestName.collected, always: isReplacing),
      publisher.stage(django, as: ManifestName.django),
    ].compactMap { $0 }
  }

  /// What goes when the release is the current one: all else, or files whose hashed name alone is
  /// wanted now.
  private func leftovers(_ outcome: Outcome) throws -> [FilePath] {
    if options.clearsRoot {
      let codings = outcome.files.flatMap { $0.codings.map(\.file) }
      let kept = ReleaseNames(plan, options, codings: codings)
      return try publisher.leftovers { kept.contains($0) }
    }
    let suffixes = [""] + ContentCoding.preference.map(\.fileSuffix)
    let dropped = plan.dropped.flatMap { name in suffixes.map { name.appending(suffix: $0) } }
    return try dropped.filter { name in try isFree(name) && publisher.exists(name) }
  }

  /// Whether names of the release before have begun to be replaced.
  var hasBegun: Bool { publisher.hasBegun }

  /// Removes what was staged and not published.
  func cleanUp() {
    publisher.cleanUp()
  }

  private func checkObstacles() throws {
    var problems: [Problem] = []
    for name in plan.neededNames(options) {
      if let obstacle = try publisher.obstacle(at: name) {
        problems.append(.obstacle(publisher.path(of: obstacle)))
      }
    }
    guard problems.isEmpty else { throw CollectError.problems(Problem.unique(problems)) }
  }

  /// Builds every content; the threads take the next one from a common counter.
  private func buildAll() async throws -> Outcome {
    try await withThrowingTaskGroup(of: Outcome.self) { group in
      progress.begin(.building, plan.contents) { self.isCompressed($0) }
      for _ in 0..<min(options.jobs, max(1, plan.contents.count)) {
        group.addTask { try self.buildSome() }
      }
      var total = Outcome(report: CollectReport(options))
      for try await part in group { total.add(part) }
      return total
    }
  }

  private func buildSome() throws -> Outcome {
    var outcome = Outcome(report: CollectReport(options))
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
    let isCompressible = isCompressed(content)
    guard isCompressible || content.origin.isText else { return try copy(content, into: &outcome) }
    let bytes = try bytes(of: content)
    let compressed = isCompressible ? policy.compress(bytes) : []
    try add(content, compressed, into: &outcome) { name in try publisher.stage(bytes, as: name) }
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
    _ compressed: [(coding: ContentCoding, bytes: [UInt8])],
    into outcome: inout Outcome,
    _ stageName: (FilePath) throws -> Publisher.Staged?
  ) throws {
    for name in content.names {
      guard !isLinked(name) else {
        try link(name, into: &outcome)
        continue
      }
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

  /// Links a name to its source.
  ///
  /// No coding and no line of our manifest goes with it, for they would be wrong as soon as the
  /// source changes.
  private func link(_ name: PlannedContent.Name, into outcome: inout Outcome) throws {
    let staged = try publisher.stage(linkTo: name.source.absolute, as: name.path)
    if let staged { outcome.release.originals.append(staged) }
    outcome.report.note(name, staged == nil ? .upToDate : .linked)
    _ = try stage([], of: name, into: &outcome)
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
    report.note(name, staged == nil ? .upToDate : .written)
    guard let staged else { return }
    // Another original may have stood under its own name; nothing else can under a hashed one.
    if name.isOriginal { release.originals.append(staged) } else { release.added.append(staged) }
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
