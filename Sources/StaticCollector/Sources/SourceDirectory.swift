public import StaticAssets

/// One entry of STATICFILES_DIRS.
public struct SourceDirectory: Equatable, Sendable {
  /// Where its files go below the root; empty for the root itself, without slashes at its ends.
  public let prefix: FilePath
  /// The directory.
  public let path: FilePath

  /// The files of `path`, collected below `prefix`.
  public init(path: FilePath, prefix: FilePath = FilePath("")) {
    self.path = path
    self.prefix = prefix
  }
}

/// A file to collect.
struct SourceFile: Sendable {
  /// Django's name for it: the destination below the root, with its backslashes.
  let name: FilePath
  /// Where it was found.
  let path: FilePath
  /// What it was when it was listed; nil if nobody looked.
  var status: FileStatus?

  /// The name under which it is collected: slashes for backslashes.
  var destination: FilePath { FilePath(HashedName.clean(name.bytes)) }
}

/// What the source directories hold, first found first.
struct SourceListing {
  private(set) var files: [SourceFile] = []
  /// Files hidden by one with the same destination in an earlier source.
  private(set) var skipped: [SourceFile] = []
  private(set) var problems: [Problem] = []

  private var destinations: Set<FilePath> = []

  /// Lists `sources` in their order.
  ///
  /// - Throws: when a source itself cannot be listed.
  init(_ sources: [SourceDirectory], ignored: IgnorePatterns) throws(FileError) {
    for source in sources {
      let directory = try Descriptor.open(source.path, flags: FileFlags.directory)
      var items: [DirectoryWalk.Item] = []
      try DirectoryWalk.run(directory, root: source.path) { candidate in
        candidate.isDirectory
          ? !ignored.ignoresDirectory(candidate.name)
          : !ignored.ignoresFile(candidate.name, at: candidate.path)
      } visit: { item in
        items.append(item)
      }
      for item in items { add(item, from: source) }
    }
  }

  private mutating func add(_ item: DirectoryWalk.Item, from source: SourceDirectory) {
    switch item {
    case .file(let path, let status):
      let file = SourceFile(
        name: source.prefix.appending(path),
        path: source.path.appending(path),
        status: status
      )
      guard PosixPath.isPlain(file.destination.bytes) else {
        report(.outsideRoot, file.path, "with slashes for backslashes this leads out of the root")
        return
      }
      guard !Publisher.isReserved(file.destination) else {
        report(.nameConflict, file.path, "this name is kept for files that are being published")
        return
      }
      if destinations.insert(file.destination).inserted {
        files.append(file)
      } else {
        skipped.append(file)
      }
    case .special(let path):
      report(
        .unreadable,
        source.path.appending(path),
        "this is no regular file; remove it or ignore it with --ignore"
      )
    case .failure(let path, let error):
      report(source.path.appending(path), error)
    }
  }

  private mutating func report(_ path: FilePath, _ error: FileError) {
    let text = FileError.text(of: error.code)
    let isLink = (try? FileStatus.of(path, followsLinks: false))?.isLink ?? false
    report(
      .unreadable,
      path,
      isLink && error.operation == "read"
        ? "this link leads nowhere (\(text)); mend it or ignore it with --ignore"
        : "cannot \(error.operation) this: \(text)"
    )
  }

  private mutating func report(_ kind: Problem.Kind, _ path: FilePath, _ text: String) {
    problems.append(Problem(kind: kind, file: path.description, line: nil, text: text))
  }
}
