internal import StaticAssets

/// Reports what collecting would change in a root, without writing.
struct DryRun {
  private let plan: ReleasePlan
  private let options: CollectOptions

  init(_ plan: ReleasePlan, _ options: CollectOptions) {
    self.plan = plan
    self.options = options
  }

  /// The report of what would be written.
  ///
  /// Nothing is compressed, so codings are not included.
  ///
  /// - Throws: `FileError`, or `CollectError` for files in the way.
  func run() throws -> CollectReport {
    var report = CollectReport(options)
    guard (try? FileStatus.of(options.root)) != nil else {
      for content in plan.contents {
        for name in content.names { report.note(name, isLinked(name) ? .linked : .written) }
      }
      report.sort()
      return report
    }
    let root = try Directory(options.root, shownAs: options.root)
    let layout = try RootLayout(plan.directories, in: root, isCleared: options.clearsRoot)
    try checkObstacles(root, layout)
    for content in plan.contents {
      for name in content.names { note(name, content, root, &report) }
    }
    if options.clearsRoot {
      let kept = ReleaseNames(plan, options, codings: [])
      report.deleted = try root.names().filter {
        layout.obstacles.contains($0) || !kept.contains($0) && !isCoding($0, kept)
      }
    }
    report.sort()
    return report
  }

  private func checkObstacles(_ root: borrowing Directory, _ layout: RootLayout) throws {
    var obstacles: Set<BytePath> = []
    for name in plan.neededNames(options) {
      let obstacle = try layout.obstacle(at: name) { (name) throws(FileError) in
        try root.status(of: name)
      }
      if let obstacle { obstacles.insert(obstacle) }
    }
    guard obstacles.isEmpty else {
      throw CollectError.problems(.obstacles(obstacles, in: options.root))
    }
  }

  private func note(
    _ name: PlannedContent.Name,
    _ content: PlannedContent,
    _ root: borrowing Directory,
    _ report: inout CollectReport
  ) {
    if isLinked(name) {
      let isUpToDate = root.target(of: name.path) == name.source.absolute
      report.note(name, isUpToDate ? .upToDate : .linked)
    } else {
      let isUpToDate = root.holds(
        content.digests,
        byteCount: content.byteCount,
        at: name.path,
        mode: options.exactFileMode,
        DigestCache()
      )
      report.note(name, isUpToDate ? .upToDate : .written)
    }
  }

  private func isLinked(_ name: PlannedContent.Name) -> Bool {
    options.linksOriginals && name.isOriginal && !name.isHashed
  }

  /// Whether a name is that of a coding that the release may have again.
  private func isCoding(_ name: BytePath, _ kept: ReleaseNames) -> Bool {
    if options.makesDeltas, name.hasSuffix(ContentCoding.dictionaryZstandard.fileSuffix),
      name.bytes.count > DictionaryCoding.suffixByteCount
    {
      return kept.contains(BytePath(name.bytes.dropLast(DictionaryCoding.suffixByteCount)))
    }
    return options.codings.contains { coding in
      coding != .dictionaryZstandard && name.hasSuffix(coding.fileSuffix)
        && kept.contains(BytePath(name.bytes.dropLast(coding.fileSuffix.utf8.count)))
    }
  }
}

extension ReleasePlan {
  /// The names that must be free in a root.
  func neededNames(_ options: CollectOptions) -> [BytePath] {
    let manifests = options.postProcesses ? [ManifestName.collected, ManifestName.django] : []
    return names + manifests
  }
}

extension [Problem] {
  /// What in the root is in the place of the release's files.
  static func obstacles(_ names: Set<BytePath>, in root: BytePath) -> [Problem] {
    names.sorted { $0 < $1 }.map { name in
      Problem(
        kind: .nameConflict,
        file: name,
        at: root.appending(name),
        text: "this is in the way of the new release; remove it"
      )
    }
  }
}

/// The names in a root that contains nothing but the release.
struct ReleaseNames {
  private let names: Set<BytePath>
  private let directories: Set<BytePath>

  /// - Parameter codings: the files of stored codings.
  init(_ plan: ReleasePlan, _ options: CollectOptions, codings: [BytePath]) {
    let manifests = options.postProcesses ? [ManifestName.django, ManifestName.collected] : []
    names = plan.names.union(codings).union(manifests)
    directories = plan.directories
  }

  /// Whether the release needs `name`, possibly as a link to a directory with its files.
  func contains(_ name: BytePath) -> Bool {
    names.contains(name) || directories.contains(name)
  }
}
