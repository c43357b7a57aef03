public import StaticAssets

/// One entry of STATICFILES_DIRS.
public struct SourceDirectory: Equatable, Sendable {
  /// The destination of its files below the root, without slashes at its ends; empty for the root
  /// itself.
  public let prefix: BytePath
  /// The directory.
  public let path: BytePath

  /// The files of `path`, collected below `prefix`.
  public init(path: BytePath, prefix: BytePath = "") {
    self.path = path
    self.prefix = prefix
  }

  /// The file at `path` below the directory.
  func file(_ path: BytePath, _ status: FileStatus? = nil) -> SourceFile {
    SourceFile(name: prefix.appending(path), path: self.path.appending(path), status: status)
  }
}

/// A source of files to collect.
public enum CollectSource: Equatable, Sendable {
  /// All files of a directory.
  case directory(SourceDirectory)
  /// Files that were listed elsewhere, for example by a finder of a Django project; none is
  /// ignored.
  case files([SourceFile])

  /// All files of the directory at `path`, collected below `prefix`, which has no slashes at its
  /// ends.
  public static func directory(_ path: BytePath, prefix: BytePath = "") -> CollectSource {
    .directory(SourceDirectory(path: path, prefix: prefix))
  }
}

/// A file to collect.
public struct SourceFile: Equatable, Sendable {
  /// Django's name for it: the destination below the root, with its backslashes.
  public let name: BytePath
  /// The path of the file.
  public let path: BytePath
  /// Its status when it was listed; nil if it was not read.
  let status: FileStatus?

  /// The file at `path`, to be collected as `name`.
  public init(name: BytePath, path: BytePath) {
    self.init(name: name, path: path, status: nil)
  }

  init(name: BytePath, path: BytePath, status: FileStatus?) {
    self.name = name
    self.path = path
    self.status = status
  }

  /// The name under which it is collected: slashes for backslashes.
  public var destination: BytePath { BytePath(HashedName.clean(name.bytes)) }
}

/// The files of the sources, in the order in which they are found.
public struct SourceListing: Sendable {
  /// The files that would be collected.
  public private(set) var files: [SourceFile] = []
  /// Files hidden by one with the same destination in an earlier source.
  public private(set) var skipped: [SourceFile] = []
  /// The files that cannot be collected.
  public private(set) var problems: [Problem] = []

  /// The links among the files and directories.
  private(set) var links: [Link] = []

  private var destinations: Set<BytePath> = []

  /// A link in a source.
  struct Link: Equatable {
    /// The source directory, or the directory of a listed file.
    let directory: BytePath
    /// The path of the link below it.
    let name: BytePath
  }

  /// Lists `sources` in their order.
  ///
  /// - Parameters:
  ///   - sources: directories and lists of files.
  ///   - ignored: patterns that apply to directories, not to lists of files.
  /// - Throws: when a source itself cannot be listed; errors in it are added to `problems`.
  public init(_ sources: [CollectSource], ignored: IgnorePatterns) throws(FileError) {
    for source in sources {
      switch source {
      case .directory(let directory): try list(directory, ignored)
      case .files(let files): for file in files { addListed(file) }
      }
    }
  }

  private mutating func list(
    _ source: SourceDirectory,
    _ ignored: IgnorePatterns
  ) throws(FileError) {
    let directory = try Descriptor.open(source.path, flags: FileFlags.directory)
    var items: [DirectoryWalk.Item] = []
    var links: [Link] = []
    try DirectoryWalk.run(directory, root: source.path) { candidate in
      let isWanted =
        candidate.isDirectory
        ? !ignored.ignoresDirectory(candidate.name)
        : !ignored.ignoresFile(candidate.name, at: candidate.path)
      if isWanted, candidate.isLink {
        links.append(Link(directory: source.path, name: candidate.path))
      }
      return isWanted
    } visit: { item in
      items.append(item)
    }
    self.links += links
    for item in items { add(item, from: source) }
  }

  /// Adds a file that a finder listed, whose status has not been read yet.
  private mutating func addListed(_ file: SourceFile) {
    do throws(FileError) {
      var status = try FileStatus.of(file.path, followsLinks: false)
      if status.isLink {
        let path = file.path
        let directory = path.parent.isEmpty ? BytePath(".") : path.parent
        links.append(Link(directory: directory, name: path.lastComponent))
        status = try FileStatus.of(path)
      }
      guard status.isRegular else { return report(.unreadable, file, Self.irregular) }
      add(SourceFile(name: file.name, path: file.path, status: status))
    } catch {
      report(file, error)
    }
  }

  private static let irregular = "this is no regular file; remove it or ignore it"

  private mutating func add(_ file: SourceFile) {
    guard !file.destination.bytes.contains(0), !file.path.bytes.contains(0) else {
      report(.unreadable, file, "its name has a NUL byte; rename it")
      return
    }
    guard PosixPath.isPlain(file.destination.bytes) else {
      report(.outsideRoot, file, "its name '\(file.destination)' leads out of the root")
      return
    }
    guard !Publisher.isReserved(file.destination) else {
      report(.nameConflict, file, "this name is kept for files that are being published")
      return
    }
    if destinations.insert(file.destination).inserted {
      files.append(file)
    } else {
      skipped.append(file)
    }
  }

  private mutating func add(_ item: DirectoryWalk.Item, from source: SourceDirectory) {
    switch item {
    case .file(let path, let status):
      add(source.file(path, status))
    case .special(let path):
      report(.unreadable, source.file(path), Self.irregular)
    case .failure(let path, let error):
      report(source.file(path), error)
    }
  }

  private mutating func report(_ file: SourceFile, _ error: FileError) {
    let text = FileError.text(of: error.code)
    let isLink = (try? FileStatus.of(file.path, followsLinks: false))?.isLink ?? false
    report(
      .unreadable,
      file,
      isLink && error.operation == "read"
        ? "this link leads nowhere (\(text)); mend it or ignore it"
        : "cannot \(error.operation) this: \(text)"
    )
  }

  private mutating func report(_ kind: Problem.Kind, _ file: SourceFile, _ text: String) {
    problems.append(Problem(kind: kind, of: file, text: text))
  }
}
