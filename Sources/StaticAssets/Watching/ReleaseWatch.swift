/// Notices that another release is to be served.
///
/// The files and directories of a table are looked at when they are asked about, once a second:
/// unlike a notification from the kernel that also works for a root on a network, and for one that
/// is a link turned to the next release's directory.
package struct ReleaseWatch: Sendable {
  /// What changes when a file is replaced or written; nil when there is none.
  private struct Version: Equatable {
    let identity: FileIdentity
    let byteCount: Int64
    let modified: Int64
  }

  private let files: [BytePath]
  private let directories: [BytePath]
  private var last: [Version?]

  /// Watches what is served, from what it is now on: the manifests of collected roots, the pages,
  /// and whether a directory is another one.
  ///
  /// What is put into a public directory is not looked for, as it may be half there.
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

  /// Whether something is another than at the last call.
  ///
  /// What has gone is no new release; it may be on its way back.
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
    // The times of a directory change with every file in it.
    let places = directories.map { path in
      Self.status(path).map { Version(identity: $0.identity, byteCount: 0, modified: 0) }
    }
    return contents + places
  }

  private static func status(_ path: BytePath) -> FileStatus? { try? FileStatus.of(path) }
}
