internal import StaticAssets

/// What earlier runs published into a root and may have left there.
///
/// It is read from `staticd.json` and from the journal. A run renames the journal into the root
/// before all other files; it lists what a killed run has published or has yet to remove.
struct ReleaseHistory: Sendable {
  /// The journal, which is removed when a release is published and the old files are removed.
  static let journalName = BytePath(".staticd-history.json")

  /// The labels of the releases in the root, the current one first.
  let releases: [[UInt8]]
  /// The files of all releases whose names depend on their content.
  let files: [CollectedManifestText.File]
  /// The SHA-256 of the files that the current release has under their own names.
  let originals: [BytePath: [UInt8]]
  /// The files with deltas under names that do not depend on their content.
  let originalsWithDeltas: [CollectedManifestText.File]
  /// Whether no release was published before.
  let isEmpty: Bool
  /// Whether a killed run has replaced some of the current release's files; which ones is unknown.
  let isInterrupted: Bool

  /// Reads the manifest and the journal of `root`; an unreadable one is treated as missing.
  init(_ root: borrowing Directory) {
    let current = Self.read(ManifestName.collected, root)
    let journal = Self.read(Self.journalName, root)
    isEmpty = current == nil && journal == nil
    isInterrupted = current == nil && journal != nil
    var originals: [BytePath: [UInt8]] = [:]
    for file in current?.files ?? [] where file.name == file.original && !file.isHashed {
      originals[file.name] = file.digests.sha256
    }
    self.originals = originals
    releases = current?.releases ?? journal?.releases ?? []
    let all = Self.files(current?.files ?? [], journal?.files ?? [])
    files = all.filter(\.isNamedByContent)
    originalsWithDeltas = all.filter {
      // Files are removed by these names, which must not lead out of the root.
      !$0.isNamedByContent && $0.codings.contains(where: \.isDelta)
        && PosixPath.isPlain($0.name.bytes)
    }
  }

  /// The files of both, each once; the manifest's files also get the deltas in the journal.
  private static func files(
    _ current: [CollectedManifestText.File],
    _ journal: [CollectedManifestText.File]
  ) -> [CollectedManifestText.File] {
    guard !journal.isEmpty else { return current }
    var files = current
    let indices = Dictionary(
      current.enumerated().map { ($1.name, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    for file in journal {
      guard let index = indices[file.name] else {
        files.append(file)
        continue
      }
      let known = files[index].codings.map(\.file)
      files[index].codings += file.codings.filter { $0.isDelta && !known.contains($0.file) }
    }
    return files
  }

  /// An empty history.
  init() {
    (releases, files, originals, originalsWithDeltas) = ([], [], [:], [])
    (isEmpty, isInterrupted) = (true, false)
  }

  private static func read(
    _ name: BytePath,
    _ root: borrowing Directory
  ) -> CollectedManifestReader? {
    guard let file = try? Descriptor.open(name, in: root.number, flags: FileFlags.read),
      let bytes = try? file.readAll(path: name)
    else { return nil }
    return try? CollectedManifestReader(bytes)
  }
}
