internal import StaticAssets

/// Finds repositories and Django projects in a root, which a collection could not restore.
enum ClearedTree {
  /// A repository or project in the root.
  struct Find: Equatable {
    enum Kind: String {
      case repository
      case project = "Django project"
    }

    let kind: Kind
    /// The path below the root.
    let path: BytePath
  }

  /// The directory or file that marks a working tree of each version control system.
  static let repositories: Set<BytePath> = [
    ".git", ".hg", ".svn", ".bzr", "_darcs", ".jj", "CVS", ".fslckout", ".pijul",
  ]

  /// The entries of a bare Git repository.
  private static let bareRepository: Set<BytePath> = ["HEAD", "objects", "refs"]

  /// The repositories and projects in `root`, at any depth.
  ///
  /// Symbolic links are not followed, because clearing does not follow them either.
  static func finds(in root: BytePath) -> [Find] {
    var finds: [Find] = []
    var pending = [BytePath("")]
    while let directory = pending.popLast() {
      let path = root.appending(directory)
      guard let opened = try? Descriptor.open(path, flags: FileFlags.directory),
        let entries = try? opened.entries(of: path)
      else { continue }
      let names = Set(entries.map(\.name))
      for name in names.intersection(repositories) {
        finds.append(Find(kind: .repository, path: directory.appending(name)))
      }
      if bareRepository.isSubset(of: names) {
        let shown = directory.isEmpty ? BytePath(".") : directory
        finds.append(Find(kind: .repository, path: shown))
      }
      if names.contains("manage.py"), DjangoIntrospection.isProject(path) {
        finds.append(Find(kind: .project, path: directory.appending("manage.py")))
      }
      for entry in entries {
        let name = directory.appending(entry.name)
        if isDirectory(entry, root.appending(name)) { pending.append(name) }
      }
    }
    return finds.sorted { $0.path < $1.path }
  }

  /// Whether an entry is a directory itself; some file systems do not report the kind in the
  /// listing.
  private static func isDirectory(_ entry: DirectoryEntry, _ path: BytePath) -> Bool {
    guard entry.kind == .unknown else { return entry.kind == .directory }
    return (try? FileStatus.of(path, followsLinks: false))?.isDirectory == true
  }
}
