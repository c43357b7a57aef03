internal import StaticAssets
internal import Synchronization

extension ReleaseBuilder {
  /// Builds every content; the tasks take blocks from a shared counter.
  func buildAll() async throws -> ReleaseOutcome {
    let blocks = blocks()
    return try await withThrowingTaskGroup(of: ReleaseOutcome.self) { group in
      progress.begin(.building, plan.contents) { self.isCompressed($0) }
      for _ in 0..<min(options.jobCount, max(1, blocks.count)) {
        group.addTask { try self.buildSome(of: blocks) }
      }
      var total = ReleaseOutcome(options)
      for try await part in group { total.add(part) }
      return total
    }
  }

  /// Ranges of neighbouring contents, each built by one task.
  ///
  /// The tasks then rarely create files in the same directory, which the kernel serializes.
  private func blocks() -> [Range<Int>] {
    // Few at a time for few contents, so that no task is left with many at the end.
    let (byteCountMax, countMax) = (
      64 << 10, max(1, min(32, plan.contents.count / (options.jobCount * 16)))
    )
    var blocks: [Range<Int>] = []
    var byteCount = 0
    for (index, content) in plan.contents.enumerated() {
      byteCount += content.byteCount
      if let last = blocks.last, last.count < countMax, byteCount <= byteCountMax {
        blocks[blocks.count - 1] = last.lowerBound..<index + 1
      } else {
        blocks.append(index..<index + 1)
        byteCount = content.byteCount
      }
    }
    return blocks
  }

  private func buildSome(of blocks: [Range<Int>]) throws -> ReleaseOutcome {
    var outcome = ReleaseOutcome(options)
    while true {
      let block = nextBlock.add(1, ordering: .relaxed).oldValue
      guard block < blocks.count else { return outcome }
      for content in plan.contents[blocks[block]] {
        guard !Task.isCancelled else { return outcome }
        progress.start(content.names[0].path)
        try build(content, into: &outcome)
        progress.finish(content.names[0].path, isCompressed(content) ? content.byteCount : 0)
      }
    }
  }

  private func isCompressed(_ content: PlannedContent) -> Bool {
    content.names.contains { !isLinked($0) && policy.compresses($0.path) }
  }

  /// Whether a name is a link to its source, which may change at any time.
  private func isLinked(_ name: PlannedContent.Name) -> Bool {
    options.linksOriginals && name.isOriginal && !name.isHashed
  }

  private func build(_ content: PlannedContent, into outcome: inout ReleaseOutcome) throws {
    // Read on first use: not at all if the cache and the root have everything.
    var loaded: [UInt8]?
    func bytes() throws -> [UInt8] {
      if let loaded { return loaded }
      let bytes = try self.bytes(of: content)
      loaded = bytes
      return bytes
    }
    let isCompressible = isCompressed(content)
    let variants = isCompressible ? try compress(content, bytes) : []
    var staged: [ContentCoding: BytePath] = [:]
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
          try stage(try bytes(), as: name.path)
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
          release: name.carriedFrom ?? [],
          codings: try stage(kept, of: name, &staged, into: &outcome)
        )
      )
    }
  }

  /// Links a name to its source.
  ///
  /// It gets neither codings nor an entry in `staticd.json`, because they would be wrong as soon as
  /// the source changes.
  private func link(_ name: PlannedContent.Name, into outcome: inout ReleaseOutcome) throws {
    let source = name.source.absolute
    let isStaged = layout.isNew(name.path) || !publisher.isLink(name.path, to: source)
    if isStaged { try publisher.stage(linkTo: source, as: name.path) }
    outcome.report.note(name, isStaged ? .linked : .upToDate)
    if isStaged, !layout.isNew(name.path) { outcome.release.originals.append(name.path) }
    var staged: [ContentCoding: BytePath] = [:]
    _ = try stage([], of: name, &staged, into: &outcome)
  }

  /// The codings of a content, created now or in an earlier run.
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

  func stage(_ bytes: [UInt8], as name: BytePath) throws(FileError) {
    try publisher.stage(bytes, as: name)
    earlyFlush.note { self.publisher.flushEarly() }
  }

  /// Stages a file of any size by copying.
  private func stage(
    copyOf source: BytePath,
    _ content: PlannedContent,
    as name: BytePath
  ) throws {
    do {
      try publisher.stage(copyOf: source, content, as: name)
    } catch is Publisher.SourceChanged {
      throw Self.changed(content, source)
    }
  }

  /// Stages the codings of one name, and marks those of an older content for removal.
  ///
  /// Equal codings are hard links to one file: a coding is never edited, and a new one is a new
  /// file.
  ///
  /// - Parameter staged: the codings that were staged for other names of the content.
  private func stage(
    _ variants: [CompressionPolicy.Variant],
    of name: PlannedContent.Name,
    _ staged: inout [ContentCoding: BytePath],
    into outcome: inout ReleaseOutcome
  ) throws -> [CollectedManifestText.Coding] {
    var codings: [CollectedManifestText.Coding] = []
    for coding in ContentCoding.preference {
      let file = name.path.appending(suffix: coding.fileSuffix)
      guard try isFree(file) else {
        if ReleasePlan.isTooLong(file), variants.contains(where: { $0.coding == coding }) {
          outcome.note(tooLong: file, of: name)
        }
        continue
      }
      guard let variant = variants.first(where: { $0.coding == coding }) else {
        if try exists(file) { outcome.release.obsolete.append(file) }
        continue
      }
      if layout.isNew(file) || !publisher.holds(variant.bytes, at: file) {
        if try staged[coding].map({ try publisher.stage(file, asNameOf: $0) }) != true {
          try stage(variant.bytes, as: file)
          staged[coding] = file
        }
        outcome.note(variant: file, of: name, isNew: layout.isNew(file))
      }
      codings.append(
        CollectedManifestText.Coding(
          coding: coding,
          file: file,
          byteCount: variant.bytes.count,
          md5: variant.md5
        )
      )
    }
    return codings
  }

  /// Whether the root has a file or a link `name`.
  func exists(_ name: BytePath) throws(FileError) -> Bool {
    guard !layout.isNew(name), let status = try publisher.status(of: name) else { return false }
    return status.isRegular || status.isLink
  }

  /// Whether a coding can be stored as `name`: neither the release nor a directory of the root uses
  /// it.
  func isFree(_ name: BytePath) throws(FileError) -> Bool {
    guard !plan.names.contains(name), !plan.directories.contains(name),
      !ReleasePlan.isTooLong(name)
    else { return false }
    return try obstacle(at: name) == nil
  }

  /// The bytes of a content, which must not have changed since it was hashed.
  func bytes(of content: PlannedContent) throws -> [UInt8] {
    switch content.origin {
    case .bytes(let bytes): return bytes
    case .file(let path):
      let bytes = try LoadedFile.read(path)
      guard ContentDigests.sha256(bytes[...]) == content.digests.sha256 else {
        throw Self.changed(content, path)
      }
      return bytes
    }
  }

  private static func changed(_ content: PlannedContent, _ path: BytePath) -> CollectError {
    .problems([
      Problem(
        kind: .unreadable,
        of: SourceFile(name: content.names[0].original, path: path),
        text: "this changed while it was collected; collect again"
      )
    ])
  }
}
