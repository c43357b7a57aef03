/// What some directories contain, to be compared with what they contain later.
///
/// Every file is looked at, some microseconds each; a kernel that tells of changes is asked instead
/// where it can be, see `DirectoryWatch`.
struct TreeVersion: Equatable, Sendable {
  private struct Entry: Equatable {
    let path: BytePath
    let identity: FileIdentity
    let byteCount: Int64
    let modified: Int64
  }

  private var entries: [Entry] = []

  /// The version of all files below `directories`; a directory that cannot be listed has none.
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
