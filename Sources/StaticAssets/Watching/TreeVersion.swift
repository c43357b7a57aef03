/// The files below some directories, for comparison with a later state.
///
/// Every file is checked with stat(2), some microseconds each; where inotify(7) is available,
/// `DirectoryWatch` is used instead.
struct TreeVersion: Equatable, Sendable {
  private struct Entry: Equatable {
    let path: BytePath
    let identity: FileIdentity
    let byteCount: Int64
    let modified: Int64
  }

  private var entries: [Entry] = []

  /// The version of all files below `directories`; a directory that cannot be listed contributes
  /// none.
  init(_ directories: [String]) {
    var found: [Entry] = []
    for root in directories.map({ BytePath($0) }) {
      guard let directory = try? Descriptor.open(root, flags: FileFlags.directory) else { continue }
      try? DirectoryWalk.run(directory, root: root) { _ in
        true
      } visit: { item in
        guard case .file(let path, let status) = item else { return }
        found.append(
          Entry(
            path: root.appending(path),
            identity: status.identity,
            byteCount: status.byteCount,
            modified: status.modifiedNanoseconds
          )
        )
      }
    }
    entries = found
  }
}
