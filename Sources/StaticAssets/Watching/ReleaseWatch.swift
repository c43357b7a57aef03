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
  /// The indices of the pages in `files`.
  private let pages: Range<Int>
  private let directories: [BytePath]
  /// The versions at the start, or at the last call that reported them as changed.
  private var known: [Version?]
  /// The versions at the last call.
  private var seen: [Version?]

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
    self.pages = manifests.count..<files.count
    directories = mounts.map { BytePath($0.directory) }
    known = []
    seen = []
    known = versions()
    seen = known
  }

  /// Whether something has changed since the last call that returned true.
  ///
  /// A missing file is not a new release; it may be about to be replaced. A page counts once two
  /// calls find the same version, because editors write pages in place: between truncation and the
  /// first bytes, a file of redirects is a valid file without redirects.
  package mutating func hasChanged() -> Bool {
    let now = versions()
    defer { seen = now }
    let isBeingWritten = now.indices.map { pages.contains($0) && now[$0] != seen[$0] }
    let isChanged = now.indices.contains {
      now[$0] != known[$0] && now[$0] != nil && !isBeingWritten[$0]
    }
    guard isChanged else { return false }
    // A page that is being written is a change later, even if its table has been built by then.
    for index in now.indices where !isBeingWritten[index] { known[index] = now[index] }
    return true
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
