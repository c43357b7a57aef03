internal import StaticAssets

/// Decides which files of earlier releases stay beside a new release.
struct RetentionPlan: Sendable {
  /// The labels of the releases in the root, the new one first; the oldest has files of its own.
  private(set) var releases: [[UInt8]]
  /// The files of earlier releases that stay.
  private(set) var kept: [CollectedManifestText.File] = []
  /// The files of earlier releases that are removed.
  private(set) var pruned: [CollectedManifestText.File] = []
  /// The deltas that are removed while their files stay, by the names of these files.
  ///
  /// Deltas against newer contents replace them, or their dictionary is no longer in any release.
  private(set) var staleDeltas: [BytePath: [CollectedManifestText.Coding]] = [:]
  /// The labels that the files of the new release and those that it carries over have.
  private let newLabels: Set<[UInt8]>

  /// Decides for a release called `label`.
  ///
  /// - Parameters:
  ///   - carried: the labels of earlier releases that files are carried over from, newest first.
  ///   - keptCount: the number of releases that stay, including the new one.
  ///   - files: the files of the new release.
  ///   - names: returns every name that the new release has, including codings.
  init(
    _ label: [UInt8],
    after history: ReleaseHistory,
    carried: [[UInt8]] = [],
    keptCount: Int,
    _ files: [CollectedManifestText.File],
    names: () -> Set<BytePath>
  ) {
    releases = Self.releases(label, after: history, carried: carried, keptCount: keptCount)
    newLabels = Set(files.map(\.release))
    defer { forgetReleases() }
    guard !history.files.isEmpty || !history.originalsWithDeltas.isEmpty else { return }
    let current = names()
    for file in history.originalsWithDeltas {
      let stale = file.codings.filter { $0.isDelta && !current.contains($0.file) }
      if !stale.isEmpty { staleDeltas[file.name] = stale }
    }
    for file in history.files {
      guard !current.contains(file.name) else {
        let stale = file.codings.filter { $0.isDelta && !current.contains($0.file) }
        if !stale.isEmpty { staleDeltas[file.name] = stale }
        continue
      }
      // The codings of a file are removed with it, unless another file has their name now.
      let codings = file.codings.filter { !current.contains($0.file) }
      let own = file.with(codings: codings)
      if releases.contains(file.release) { kept.append(own) } else { pruned.append(own) }
    }
    forgetDeltas(besides: files)
  }

  /// The labels of the releases in a root after a new one called `label`, which is the first.
  static func releases(
    _ label: [UInt8],
    after history: ReleaseHistory,
    carried: [[UInt8]],
    keptCount: Int
  ) -> [[UInt8]] {
    Array(
      ([label] + merged(carried, history.releases).filter { $0 != label }).prefix(keptCount)
    )
  }

  /// Drops the deltas whose dictionaries are no longer in any release.
  private mutating func forgetDeltas(besides files: [CollectedManifestText.File]) {
    guard kept.contains(where: { $0.codings.contains(where: \.isDelta) }) else { return }
    let contents = Set((files + kept).map(\.digests.sha256))
    for (index, file) in kept.enumerated() {
      let stale = file.codings.filter { $0.isDelta && !contents.contains($0.dictionary) }
      guard !stale.isEmpty else { continue }
      staleDeltas[file.name] = stale
      let names = stale.map(\.file)
      kept[index] = file.with(codings: file.codings.filter { !names.contains($0.file) })
    }
  }

  /// Both lists as one without duplicates; the carried releases come first, because they were
  /// requested.
  private static func merged(_ carried: [[UInt8]], _ history: [[UInt8]]) -> [[UInt8]] {
    carried + history.filter { !carried.contains($0) }
  }

  /// Drops the oldest releases that have no files of their own.
  ///
  /// A release without files between others stays: all of its files are in newer ones, and it counts
  /// for how long the files of older ones are kept.
  private mutating func forgetReleases() {
    let labels = newLabels.union(kept.map(\.release))
    let count = releases.lastIndex { labels.contains($0) } ?? 0
    releases = Array(releases.prefix(count + 1))
  }

  /// Drops kept files that are no longer in the root.
  mutating func forget<Failure>(
    where isGone: (CollectedManifestText.File) throws(Failure) -> Bool
  ) throws(Failure) {
    var there: [CollectedManifestText.File] = []
    for file in kept where !(try isGone(file)) { there.append(file) }
    kept = there
    forgetReleases()
  }

  /// The names of the removed files with their codings, and of the deltas that are removed alone.
  var prunedNames: [BytePath] {
    // A kept file may have the name of a coding.
    let keptNames = Set(kept.flatMap { [$0.name] + $0.codings.map(\.file) })
    let deltas = staleDeltas.values.flatMap { $0.map(\.file) }.sorted { $0 < $1 }
    return (pruned.flatMap { [$0.name] + $0.codings.map(\.file) } + deltas)
      .filter { !keptNames.contains($0) }
  }
}

extension CollectedManifestText.Coding {
  /// Whether it needs a dictionary.
  var isDelta: Bool { !dictionary.isEmpty }
}
