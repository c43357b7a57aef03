internal import StaticAssets

/// Which roots a run refuses.
extension Collector {
  /// A root inside a source would be collected into itself, and a source inside a root that is cleared
  /// would be deleted.
  func checkRoot() throws(CollectError) {
    let root = options.root.resolvedAsFarAsItExists
    var sources: [BytePath] = []
    for source in options.sources {
      switch source {
      case .directory(let directory):
        try check(root, directory.path)
        sources.append(directory.path.resolvedAsFarAsItExists)
      case .files(let files):
        if let file = files.first(where: { $0.path.isInside(root) }) {
          throw .usage("root '\(options.root)' has a source in it, '\(file.path)'")
        }
      }
    }
    guard options.clearsRoot, let reason = ClearGuard(root: root, sources: sources).reason else {
      return
    }
    throw .usage("root '\(options.root)' is not cleared, because \(reason); name another root")
  }

  private func check(_ root: BytePath, _ source: BytePath) throws(CollectError) {
    guard let resolved = source.resolved, let status = try? FileStatus.of(source),
      status.isDirectory
    else { throw .usage("source '\(source)' is no directory") }
    if root.isInside(resolved) {
      throw .usage("root '\(options.root)' lies inside the source '\(source)'")
    }
  }
}

extension BytePath {
  /// The path with the links of its existing part resolved.
  var resolvedAsFarAsItExists: BytePath {
    if let resolved { return resolved }
    guard !isEmpty else { return BytePath(".").resolved ?? self }
    let parent = parent
    if parent.isEmpty {
      let start = BytePath(bytes.first == UInt8(ascii: "/") ? "/" : ".")
      return (start.resolved ?? start).appending(lastComponent)
    }
    // The depth is that of a path on the command line.
    return parent.resolvedAsFarAsItExists.appending(lastComponent)
  }
}
