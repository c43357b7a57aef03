internal import StaticAssets

/// Checks that a run neither collects its own root nor deletes its sources.
extension Collector {
  /// Rejects a root inside a source, which would be collected into itself, and a source inside a
  /// root that is cleared, which would be deleted.
  func checkRoot() throws(CollectError) {
    let root = options.root.resolvedAsFarAsItExists
    for source in options.sources {
      switch source {
      case .directory(let directory): try check(root, directory.path)
      case .files(let files): try check(root, files)
      }
    }
    guard options.clearsRoot, let reason = ClearGuard(options).reason else { return }
    throw .usage("root '\(options.root)' is not cleared, because \(reason); name another root")
  }

  /// Rejects links to files in the root, because the run would replace or delete their only copy.
  ///
  /// A linked directory that contains the root is rejected too: the root would be collected into
  /// itself.
  func checkLinks(_ listing: SourceListing) throws(CollectError) {
    guard !listing.links.isEmpty else { return }
    let root = options.root.resolvedAsFarAsItExists
    var resolved: [BytePath: BytePath] = [:]
    for link in listing.links {
      let source = resolved[link.directory] ?? link.directory.resolvedAsFarAsItExists
      resolved[link.directory] = source
      let path = link.directory.appending(link.name)
      let places = link.name.places(from: source)
      // In a source inside the root, links between its files are harmless.
      if places.contains(where: { $0.isInside(root) && !$0.isInside(source) }) {
        throw .usage(
          "root '\(options.root)' has what the source '\(path)' is a link to; put a copy in its place"
        )
      }
      guard let target = places.last, root.isInside(target) else { continue }
      let below = root.bytes.dropFirst(target.bytes.count).drop { $0 == UInt8(ascii: "/") }
      let inside = path.appending(BytePath(below))
      if listing.files.contains(where: { $0.path.isInside(inside) }) {
        throw .usage("root '\(options.root)' lies inside the linked directory '\(path)'")
      }
    }
  }

  /// Rejects a report that would replace what these options name, or a file of the release in the
  /// root, as every run does; for other commands that report on a root.
  package func checkReport() throws(CollectError) { try reportPlace?.check(options) }

  /// The file of the report; nil if there is none.
  var reportPlace: ReportPlace? {
    options.reportFile.map { ReportPlace($0, root: options.root.resolvedAsFarAsItExists) }
  }

  private func check(_ root: BytePath, _ source: BytePath) throws(CollectError) {
    guard let resolved = source.resolved, let status = try? FileStatus.of(source),
      status.isDirectory
    else { throw .usage("source '\(source)' is no directory") }
    if root.isInside(resolved) {
      throw .usage("root '\(options.root)' lies inside the source '\(source)'")
    }
  }

  /// Checks files that were listed elsewhere; each directory is resolved once.
  private func check(_ root: BytePath, _ files: [SourceFile]) throws(CollectError) {
    var isInRoot: [BytePath: Bool] = [:]
    for file in files {
      let directory = file.path.parent
      let isInside =
        isInRoot[directory] ?? directory.orWorking.places().contains { $0.isInside(root) }
      isInRoot[directory] = isInside
      if isInside || file.path.isInside(root) {
        throw .usage("root '\(options.root)' has a source in it, '\(file.path)'")
      }
    }
  }
}

extension BytePath {
  /// The directory of a file path, where an empty path is the working directory.
  fileprivate var orWorking: BytePath { isEmpty ? BytePath(".") : self }
}
