internal import StaticAssets

/// What earlier runs published into a root and may have left there.
///
/// Read from `staticd.json`, and from the journal that a run puts into the root before anything
/// else: it lists what a run that was killed has published, or has yet to remove.
struct ReleaseHistory: Sendable {
  /// The journal; it goes when a release is published and the old files are removed.
  static let journalName = FilePath(".staticd-history.json")

  /// The labels of the releases in the root, the current one first.
  let releases: [[UInt8]]
  /// The files of all releases whose names change with their content.
  let files: [CollectedManifestText.File]
  /// Whether a release was published before.
  let isEmpty: Bool

  /// Reads what `root` has; a manifest that nobody can read is as good as none.
  init(_ root: borrowing Directory) {
    let current = Self.read(ManifestName.collected, root)
    let journal = Self.read(Self.journalName, root)
    isEmpty = current == nil && journal == nil
    releases = current?.releases ?? journal?.releases ?? []
    let names = Set(current?.files.map(\.name) ?? [])
    let files = (current?.files ?? []) + (journal?.files ?? []).filter { !names.contains($0.name) }
    self.files = files.filter(\.isNamedByContent)
  }

  private static func read(
    _ name: FilePath,
    _ root: borrowing Directory
  ) -> CollectedManifestReader? {
    guard let file = try? Descriptor.open(name, in: root.number, flags: FileFlags.read),
      let bytes = try? file.readAll(path: name)
    else { return nil }
    return try? CollectedManifestReader(bytes)
  }
}

/// Which of the files of earlier releases stay beside a new release, and which go.
struct ReleaseSuccession: Sendable {
  /// The labels of the releases in the root, the new one first.
  let releases: [[UInt8]]
  /// The files of earlier releases that stay.
  private(set) var kept: [CollectedManifestText.File] = []
  /// The files of earlier releases that go.
  private(set) var pruned: [CollectedManifestText.File] = []

  /// Decides for a release called `label`.
  ///
  /// - Parameters:
  ///   - keptCount: how many releases stay, the new one among them.
  ///   - current: gives every name that the new release has, codings included.
  init(
    _ label: [UInt8],
    after history: ReleaseHistory,
    keptCount: Int,
    current: () -> Set<FilePath>
  ) {
    let releases = Array(
      ([label] + history.releases.filter { $0 != label }).prefix(keptCount)
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

  /// Leaves out kept files that are not in the root any more.
  mutating func forget<Failure>(
    where isGone: (CollectedManifestText.File) throws(Failure) -> Bool
  ) throws(Failure) {
    var there: [CollectedManifestText.File] = []
    for file in kept where !(try isGone(file)) { there.append(file) }
    kept = there
  }

  /// The names of the files that go, with their codings.
  var prunedNames: [FilePath] {
    // A file that stays may have the name of a coding.
    let keptNames = Set(kept.flatMap { [$0.name] + $0.codings.map(\.file) })
    return pruned.flatMap { [$0.name] + $0.codings.map(\.file) }.filter { !keptNames.contains($0) }
  }
}
