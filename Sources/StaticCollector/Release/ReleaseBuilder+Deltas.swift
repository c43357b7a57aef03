internal import StaticAssets

/// The deltas of a release against the contents of earlier ones.
extension ReleaseBuilder {
  /// One content, one dictionary, and all files that get their delta.
  private struct DeltaJob: Sendable {
    let content: PlannedContent
    let dictionary: CollectedManifestText.File
    /// The content of the dictionary, if the release has it too.
    let dictionaryContent: PlannedContent?
    var files: [Int]
  }

  /// A delta of one file.
  private struct StagedDelta: Sendable {
    let file: Int
    let coding: CollectedManifestText.Coding
    let isStaged: Bool
  }

  /// Creates the deltas of the files in `outcome`, and stages those that the root lacks.
  ///
  /// - Parameter labels: the releases that stay in the root, the new one first.
  func addDeltas(
    to outcome: inout ReleaseOutcome,
    after history: ReleaseHistory,
    _ labels: [[UInt8]]
  ) async throws {
    let earlier = Array(labels.dropFirst().prefix(options.deltaReleaseCount))
    guard options.makesDeltas, !earlier.isEmpty || !options.dictionaries.isEmpty else { return }
    let jobs = deltaJobs(outcome.files, of: labels[0], history, earlier)
    guard !jobs.isEmpty else { return }
    progress.begin(.comparing, count: jobs.count)
    let files = outcome.files
    let next = SharedCounter()
    let deltas = try await withThrowingTaskGroup(of: [StagedDelta].self) { group in
      for _ in 0..<min(options.jobCount, jobs.count) {
        group.addTask {
          var deltas: [StagedDelta] = []
          while true {
            let number = next.take(1)
            guard number < jobs.count, !Task.isCancelled else { return deltas }
            deltas += try self.build(jobs[number], files)
            self.progress.advance()
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    // Sorted by name, so that the order does not depend on the threads.
    for delta in deltas.sorted(by: { $0.coding.file < $1.coding.file }) {
      outcome.files[delta.file].codings.append(delta.coding)
      if delta.isStaged, !layout.isNew(delta.coding.file) {
        outcome.release.added.append(delta.coding.file)
      }
    }
  }

  /// The deltas to create, each once, the largest first.
  private func deltaJobs(
    _ files: [CollectedManifestText.File],
    of label: [UInt8],
    _ history: ReleaseHistory,
    _ labels: [[UInt8]]
  ) -> [DeltaJob] {
    let contents = Dictionary(
      plan.contents.map { ($0.digests, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    let current = Set(files.map(\.name))
    var pairs = DeltaPairs(
      files,
      of: label,
      where: { $0.isHashed && mayHaveDeltas($0) },
      after: history.files,
      labels: labels
    ) { file in
      current.contains(file.name)
        ? contents[file.digests].flatMap { try? self.bytes(of: $0) } : self.dictionary(file)
    }
    let dictionaries = Self.dictionaries(files, history.files, labels)
    if !dictionaries.isEmpty {
      for index in files.indices where files[index].release == label && mayHaveDeltas(files[index])
      {
        pairs.add(index, files[index], dictionaries)
      }
    }
    var jobs: [[[UInt8]]: DeltaJob] = [:]
    for pair in pairs.pairs {
      let digests = files[pair.file].digests
      guard let content = contents[digests] else { continue }
      let key = [digests.sha256, pair.dictionary.digests.sha256]
      let job = DeltaJob(
        content: content,
        dictionary: pair.dictionary,
        dictionaryContent: contents[pair.dictionary.digests],
        files: []
      )
      jobs[key, default: job].files.append(pair.file)
    }
    return jobs.values.sorted { first, second in
      let (left, right) = (first.content.byteCount, second.content.byteCount)
      return left == right ? first.files[0] < second.files[0] : left > right
    }
  }

  private func mayHaveDeltas(_ file: CollectedManifestText.File) -> Bool {
    file.byteCount <= Zstandard.byteCountMax && Self.smallest(file) > 1024
      && !policy.skips(file.name)
  }

  /// The length of the smallest of the file and its codings.
  private static func smallest(_ file: CollectedManifestText.File) -> Int {
    file.codings.map(\.byteCount).min() ?? file.byteCount
  }

  private func build(
    _ job: DeltaJob,
    _ files: [CollectedManifestText.File]
  ) throws -> [StagedDelta] {
    guard let frame = try frame(job) else { return [] }
    let digest = job.dictionary.digests.sha256
    let bytes = Delta.file(frame, dictionary: digest)
    let md5 = ContentDigests.md5(bytes)
    var deltas: [StagedDelta] = []
    for number in Set(job.files).sorted() {
      let file = files[number]
      guard Delta.isEffective(bytes.count, besides: Self.smallest(file)) else { continue }
      let name = file.name.appending(suffix: DictionaryCoding.suffix(ofDictionary: digest))
      guard try isFree(name) else { continue }
      let isStaged = layout.isNew(name) || !publisher.holds(bytes, at: name)
      if isStaged { try stage(bytes, as: name) }
      let coding = CollectedManifestText.Coding(
        coding: .dictionaryZstandard,
        file: name,
        byteCount: bytes.count,
        md5: md5,
        dictionary: digest,
        origin: .init(name: job.dictionary.name, release: job.dictionary.release)
      )
      deltas.append(StagedDelta(file: number, coding: coding, isStaged: isStaged))
    }
    return deltas
  }

  /// The zstd frame of a delta, created now or in an earlier run.
  ///
  /// Nil if it is not worth keeping, or if the dictionary has changed.
  private func frame(_ job: DeltaJob) throws -> [UInt8]? {
    let (content, dictionary) = (job.content, job.dictionary)
    let pair = content.digests.sha256 + dictionary.digests.sha256
    let key = ContentDigests(md5: [], sha256: ContentDigests.sha256(pair[...]), integrity: [])
    let known = cache?.results(of: key) ?? []
    if let earlier = known.first(where: { $0.encoder == Zstandard.encoder }) {
      return earlier.bytes
    }
    guard let old = try job.dictionaryContent.map(bytes) ?? self.dictionary(dictionary) else {
      return nil
    }
    let frame = try policy.encodingDelta(content.byteCount, from: old.count) {
      Zstandard.compress(try bytes(of: content), from: old)
    }
    let kept = Delta.isEffective(frame.count, besides: content.byteCount) ? frame : nil
    let result = CompressionCache.Result(
      encoder: Zstandard.encoder,
      bytes: kept,
      md5: kept.map(ContentDigests.md5) ?? []
    )
    cache?.keep([result], besides: known, of: key)
    return kept
  }

  /// The dictionaries of the site, in their current and their earlier contents.
  private static func dictionaries(
    _ files: [CollectedManifestText.File],
    _ history: [CollectedManifestText.File],
    _ labels: [[UInt8]]
  ) -> [CollectedManifestText.File] {
    files.filter { !$0.pattern.isEmpty }
      + history.filter { !$0.pattern.isEmpty && labels.contains($0.release) }
  }

  /// The pattern that makes a file a dictionary of the site; empty for none.
  func pattern(of file: CollectedManifestText.File) -> [UInt8] {
    guard options.makesDeltas, file.isHashed else { return [] }
    let dictionary = options.dictionaries.first { $0.file == file.original }
    return dictionary.map { Array($0.pattern.utf8) } ?? []
  }

  /// Throws if a dictionary of the site is not collected, or has no hashed name.
  func checkDictionaries() throws(CollectError) {
    guard options.makesDeltas else { return }
    for dictionary in options.dictionaries {
      let isThere = plan.contents.contains { content in
        content.names.contains { $0.isHashed && $0.original == dictionary.file }
      }
      guard isThere else {
        throw .usage("dictionary '\(dictionary.file)' is not among the collected files")
      }
    }
  }

  /// The content of an earlier file; nil if the root lacks it or has another content, which
  /// browsers may have loaded.
  private func dictionary(_ file: CollectedManifestText.File) -> [UInt8]? {
    guard let bytes = publisher.bytes(of: file.name, byteCount: file.byteCount),
      ContentDigests.sha256(bytes[...]) == file.digests.sha256
    else { return nil }
    return bytes
  }
}
