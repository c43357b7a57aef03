internal import StaticAssets

/// Decides whether the report of a run may be written to a file.
///
/// The report replaces the file, so it must be neither an input of the run nor a name that the run
/// or an earlier release has in the root. A dry run decides the same.
struct ReportPlace {
  /// The path as it was given.
  let path: BytePath
  /// What the path leads to, and the link that it is, if it is one; absolute.
  private let places: [BytePath]
  /// The root with links resolved.
  private let root: BytePath

  /// - Parameters:
  ///   - path: the file of the report.
  ///   - root: the root of the run, with links resolved.
  init(_ path: BytePath, root: BytePath) {
    self.path = path
    self.root = root
    let parent = path.parent.isEmpty ? BytePath(".") : path.parent
    let link = parent.resolvedAsFarAsItExists.appending(path.lastComponent)
    places = [link, path.resolvedAsFarAsItExists]
  }

  /// The names below the root that the report would take.
  private var names: [BytePath] {
    places.filter { $0 != root && $0.isInside(root) }.map {
      BytePath($0.bytes.dropFirst(root.bytes.count).drop { $0 == UInt8(ascii: "/") })
    }
  }

  /// Rejects the configuration, a source, the root, and the names that are in the root.
  func check(_ options: CollectOptions) throws(CollectError) {
    for kept in options.keptFiles where isPlace(kept.path) { throw refusal("is \(kept.what)") }
    for source in options.sources {
      switch source {
      case .directory(let directory):
        try check(directory.path.resolvedAsFarAsItExists, "lies in the source '\(directory.path)'")
      case .files(let files):
        for file in files where isPlace(file.path) { throw refusal("is a source") }
      }
    }
    if places.contains(where: { root.isInside($0) }) { throw refusal("is a directory of the root") }
    guard !names.isEmpty else { return }
    try check(Self.recorded(in: root).union([ManifestName.collected, ManifestName.django]))
  }

  /// Rejects the names that the files of `listing` get, and what links in a source lead to.
  func check(_ listing: SourceListing) throws(CollectError) {
    for link in listing.links {
      let directory = link.directory.resolvedAsFarAsItExists
      guard let target = link.name.places(from: directory).last else { continue }
      try check(target, "is a source, '\(link.directory.appending(link.name))'")
    }
    guard !names.isEmpty else { return }
    try check(Set(listing.files.map(\.destination)))
  }

  /// Rejects `published`, their codings and directories, and names that only staticd gives.
  private func check(_ published: Set<BytePath>) throws(CollectError) {
    for name in names {
      let base = Self.base(of: name)
      let isTaken =
        Publisher.isReserved(name) || HashedName.looksHashed(base) || published.contains(base)
        || published.contains { $0.isInside(name) || name.isInside($0) }
      if isTaken { throw refusal("is a name of the release in the root") }
    }
  }

  /// The file whose coding or delta would be called `name`, or `name` itself.
  private static func base(of name: BytePath) -> BytePath {
    let delta = ContentCoding.dictionaryZstandard
    if name.hasSuffix(delta.fileSuffix), name.bytes.count > delta.suffixByteCount {
      return BytePath(name.bytes.dropLast(delta.suffixByteCount))
    }
    return ContentCoding.stored(name)?.file ?? name
  }

  private func check(_ directory: BytePath, _ reason: String) throws(CollectError) {
    if places.contains(where: { $0.isInside(directory) }) { throw refusal(reason) }
  }

  private func isPlace(_ file: BytePath) -> Bool {
    places.contains(file.resolvedAsFarAsItExists)
  }

  private func refusal(_ reason: String) -> CollectError {
    .usage("report '\(path)' \(reason), which it would replace; name another file")
  }

  /// The names in the manifests of a root; empty if they cannot be read.
  private static func recorded(in root: BytePath) -> Set<BytePath> {
    guard let directory = try? Directory(root, shownAs: root),
      let recorded = try? RecordedRoot(directory)
    else { return [] }
    let collected = recorded.collected.map { Set($0.files.keys).union($0.codings) } ?? []
    return collected.union(recorded.originals)
  }
}
