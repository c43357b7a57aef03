internal import StaticAssets

/// Which of the files of earlier releases stay beside a new release, and which go.
struct RetentionPlan: Sendable {
  /// The labels of the releases in the root, the new one first.
  let releases: [[UInt8]]
  /// The files of earlier releases that stay.
  private(set) var kept: [CollectedManifestText.File] = []
  /// The files of earlier releases that go.
  private(set) var pruned: [CollectedManifestText.File] = []

  /// Decides for a release called `label`.
  ///
  /// - Parameters:
  ///   - carried: the labels of earlier releases that files are carried over from, the newest first.
  ///   - keptCount: how many releases stay, the new one among them.
  ///   - current: gives every name that the new release has, codings included.
  init(
    _ label: [UInt8],
    after history: ReleaseHistory,
    carried: [[UInt8]] = [],
    keptCount: Int,
    current: () -> Set<BytePath>
  ) {
    let releases = Array(
      ([label] + Self.merged(carried, history.releases).filter { $0 != label }).prefix(keptCount)
    )
    self.releases = releases
    guard !history.files.isEmpty else { return }
    let current = current()
    for file in history.files where !current.contains(file.name) {
      // The codings of a name go with it, unless another file has got the name of one.
      let codings = file.codings.filter { !current.contains($0.file) }
      let own = file.with(codings: codings)
      if releases.contains(file.release) { kept.append(own) } else { pruned.append(own) }
    }
  }

  /// Both lists as one, each label once; those that were asked for by name come first.
  private static func merged(_ carried: [[UInt8]], _ history: [[UInt8]]) -> [[UInt8]] {
    carried + history.filter { !carried.contains($0) }
  }

  /// Leaves out kept files that are not in the root any more.
  mutating func forget<Failure>(
    where isGone: (CollectedManifestText.File) throws(Failure) -> Bool
  ) throws(Failure) {
    var there: [CollectedManifestText.File] = []
    for file in kept where !(try isGone(file)) { there.append(file) }
    kept = there
  }

  /// The names of the files that go, with their codings.
  var prunedNames: [BytePath] {
    // A file that stays may have the name of a coding.
    let keptNames = Set(kept.flatMap { [$0.name] + $0.codings.map(\.file) })
    return pruned.flatMap { [$0.name] + $0.codings.map(\.file) }.filter { !keptNames.contains($0) }
  }
}
