/// Detects that another release is to be served.
///
/// The files and directories of a table are polled once a second. Unlike inotify(7), this also
/// works for a root on a network file system, and for one that is a symbolic link switched to the
/// next release's directory.
package struct ReleaseWatch: Sendable {
  /// The attributes that change when a file is replaced or written.
  private struct Version: Equatable {
    let identity: FileIdentity
    let byteCount: Int64
    let modified: Int64
  }

  private let files: [BytePath]
  private let directories: [BytePath]
  private var last: [Version?]

  /// Watches the manifests of collected roots, the pages, and the identity of each directory,
  /// starting from their current state.
  ///
  /// Files added to a public directory are not detected, because they may be incomplete.
  ///
  /// - Parameters:
  ///   - mounts: the directories that are served.
  ///   - pages: the paths of fallbacks, error pages and redirects.
  package init(_ mounts: [FileTable.Mount], pages: [String]) {
    let roots = mounts.filter { $0.kind == .collected }.map { BytePath($0.directory) }
    let manifests = roots.flatMap { root in
      [ManifestName.django, ManifestName.collected].map { root.appending($0) }
    }
    files = manifests + pages.map { BytePath($0) }
    directories = mounts.map { BytePath($0.directory) }
    last = []
    last = versions()
  }

  /// Whether something has changed since the last call.
  ///
  /// A missing file is not a new release; it may be about to be replaced.
  package mutating func hasChanged() -> Bool {
    let now = versions()
    let isChanged = zip(now, last).contains { $0 != $1 && $0 != nil }
    if isChanged { last = now }
    return isChanged
  }

  private func versions() -> [Version?] {
    let contents = files.map { path in
      Self.status(path).map {
        Version(
          identity: $0.identity,
          byteCount: $0.byteCount,
          modified: $0.modifiedNanoseconds
        )
      }
    }
    // Only the identity: the times of a directory change with every file in it.
    let places = directories.map { path in
      Self.status(path).map { Version(identity: $0.identity, byteCount: 0, modified: 0) }
    }
    return contents + places
  }

  private static func status(_ path: BytePath) -> FileStatus? { try? FileStatus.of(path) }
}
