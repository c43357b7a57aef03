internal import StaticAssets

/// The files in a directory that belong to a release, with their codings.
///
/// `staticd collect` compresses these, and its manifest describes them.
struct CollectedNames {
  private let names: Set<BytePath>
  /// The path of the directory below the root, with a trailing slash; empty for the root.
  private let prefix: [UInt8]

  /// Reads the manifests of the root that contains `directory`; without a root there are no names.
  ///
  /// - Throws: `usage` if a manifest is missing or damaged, `system` if it cannot be read.
  init(in directory: BytePath) throws(CollectError) {
    guard let start = directory.resolved, let root = Self.root(above: start) else {
      (names, prefix) = ([], [])
      return
    }
    let rootByteCount = root.appending(BytePath("")).bytes.count
    prefix = start == root ? [] : start.bytes.dropFirst(rootByteCount) + [UInt8(ascii: "/")]
    let recorded: RecordedRoot
    do throws(FileError) {
      recorded = try RecordedRoot(try Directory(root, shownAs: root))
    } catch {
      throw .system(error)
    }
    guard let collected = recorded.collected, recorded.problems.isEmpty else {
      let problem = recorded.problems.first?.description ?? "no manifest"
      throw .usage("the files collected into '\(root)' are not known: \(problem)")
    }
    names = Set(collected.files.keys).union(collected.codings).union(recorded.originals)
      .union([ManifestName.django, ManifestName.collected])
  }

  /// Whether the file `name` of the directory belongs to a release.
  func contains(_ name: BytePath) -> Bool {
    !names.isEmpty && names.contains(BytePath(prefix + name.bytes))
  }

  /// The nearest directory with a `staticd.json`, from `directory` upwards.
  private static func root(above directory: BytePath) -> BytePath? {
    var candidate = directory
    while true {
      if (try? FileStatus.of(candidate.appending(ManifestName.collected))) != nil {
        return candidate
      }
      guard candidate.bytes.contains(where: { $0 != UInt8(ascii: "/") }) else { return nil }
      candidate = candidate.parent.isEmpty ? BytePath("/") : candidate.parent
    }
  }
}
