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

  /// The names below `directory` that the report would take.
  private func names(below directory: BytePath) -> [BytePath] {
    places.filter { $0 != directory && $0.isInside(directory) }.map {
      BytePath($0.bytes.dropFirst(directory.bytes.count).drop { $0 == UInt8(ascii: "/") })
    }
  }

  /// Rejects the configuration, the Django project, a source, the root, and the names that are in
  /// the root and in earlier releases.
  func check(_ options: CollectOptions) throws(CollectError) {
    for kept in options.keptFiles where isPlace(kept.path) { throw refusal("is \(kept.what)") }
    try checkProject(options)
    for source in options.sources {
      switch source {
      case .directory(let directory):
        try check(directory.path.resolvedAsFarAsItExists, "lies in the source '\(directory.path)'")
      case .files(let files):
        for file in files where isPlace(file.path) { throw refusal("is a source") }
      }
    }
    if places.contains(where: { root.isInside($0) }) { throw refusal("is a directory of the root") }
    try checkRelease(in: root, "the release in the root")
    for case let store as DirectoryStore in options.earlierReleases.map(\.store) {
      let directory = store.directory.resolvedAsFarAsItExists
      try checkRelease(in: directory, "the earlier release in '\(store.directory)'")
    }
  }

  /// Rejects the code of the Django project, and what its settings read.
  private func checkProject(_ options: CollectOptions) throws(CollectError) {
    if let project = options.projectDirectory?.resolvedAsFarAsItExists,
      places.contains(where: { $0.isInside(project) && SettingsInputs.mayRead($0.lastComponent) })
    {
      throw refusal("is a file of the Django project")
    }
    if options.settingsFiles.contains(where: isPlace) {
      throw refusal("is read by the settings of the Django project")
    }
  }

  /// Rejects the names that the files of `listing` get, and what links in a source lead to.
  func check(_ listing: SourceListing) throws(CollectError) {
    for link in listing.links {
      let directory = link.directory.resolvedAsFarAsItExists
      guard let target = link.name.places(from: directory).last else { continue }
      try check(target, "is a source, '\(link.directory.appending(link.name))'")
    }
    let names = names(below: root)
    guard !names.isEmpty else { return }
    try check(names, Set(listing.files.map(\.destination)), "the release in the root")
  }

  /// Rejects the names of the release in a directory.
  private func checkRelease(in directory: BytePath, _ what: String) throws(CollectError) {
    let names = names(below: directory)
    guard !names.isEmpty else { return }
    let manifests: Set = [ManifestName.collected, ManifestName.django]
    try check(names, Self.recorded(in: directory).union(manifests), what)
  }

  /// Rejects `published`, their codings and directories, and names that only staticd gives.
  private func check(
    _ names: [BytePath],
    _ published: Set<BytePath>,
    _ release: String
  ) throws(CollectError) {
    for name in names {
      let base = Self.base(of: name)
      let isTaken =
        Publisher.isReserved(name) || HashedName.looksHashed(base) || published.contains(base)
        || published.contains { $0.isInside(name) || name.isInside($0) }
      if isTaken { throw refusal("is a name of \(release)") }
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
