internal import StaticAssets

/// What the root has where a release needs directories.
struct RootLayout: Sendable {
  /// What there is in the place of one directory.
  enum Place: Sendable {
    /// It is there already.
    case directory
    /// There is nothing, so nothing that is put into it replaces anything.
    case missing
    /// Something else is in the way: it, or what should be a directory above it.
    case obstacle(BytePath)
  }

  private let places: [BytePath: Place]
  /// Whether what is in the way is moved away.
  private let isCleared: Bool

  /// What stands where directories of the release have to be, and is moved away.
  let obstacles: [BytePath]

  /// The missing directories whose own directory is there: the rest of them is inside these.
  let topmostMissing: [BytePath]

  /// Looks at what `root` has of these directories, of which every parent is one.
  ///
  /// - Parameter isCleared: whether everything that the release does not need goes, so that nothing is in
  ///   its way.
  init(
    _ directories: Set<BytePath>,
    in root: borrowing Directory,
    isCleared: Bool
  ) throws(FileError) {
    self.isCleared = isCleared
    var obstacles: [BytePath] = []
    var places: [BytePath: Place] = [BytePath(""): .directory]
    var topmostMissing: [BytePath] = []
    // Shorter ones first: a parent before what is in it.
    for directory in directories.sorted(by: Self.precedes) {
      switch places[directory.parent] ?? .missing {
      case .missing: places[directory] = .missing
      case .obstacle(let obstacle): places[directory] = .obstacle(obstacle)
      case .directory:
        var place = try Self.place(of: directory, in: root)
        if isCleared, case .obstacle(let obstacle) = place {
          obstacles.append(obstacle)
          place = .missing
        }
        if case .missing = place { topmostMissing.append(directory) }
        places[directory] = place
      }
    }
    self.places = places
    self.obstacles = obstacles
    self.topmostMissing = topmostMissing
  }

  /// What there is in the place of the directory that the file `name` needs.
  func place(ofDirectoryOf name: BytePath) -> Place { places[name.parent] ?? .missing }

  /// What keeps a file from being put at `name`: a directory, or a file where a directory has to be.
  ///
  /// - Parameter status: the status of a name in the root, nil for nothing.
  func obstacle(
    at name: BytePath,
    _ status: (BytePath) throws(FileError) -> FileStatus?
  ) throws(FileError) -> BytePath? {
    switch place(ofDirectoryOf: name) {
    case .missing: nil
    case .obstacle(let obstacle): obstacle
    case .directory where isCleared: nil
    case .directory: try status(name)?.isDirectory == true ? name : nil
    }
  }

  /// Whether the directory that the file `name` needs is not there yet.
  func isNew(_ name: BytePath) -> Bool {
    if case .missing = place(ofDirectoryOf: name) { return true }
    return false
  }

  private static func place(
    of directory: BytePath,
    in root: borrowing Directory
  ) throws(FileError) -> Place {
    guard let own = try root.status(of: directory) else { return .missing }
    if own.isDirectory { return .directory }
    // A link to a directory serves as one.
    let target = try? FileStatus.of(directory, in: root.number)
    return target?.isDirectory == true ? .directory : .obstacle(directory)
  }

  private static func precedes(_ left: BytePath, _ right: BytePath) -> Bool {
    if left.bytes.count != right.bytes.count { return left.bytes.count < right.bytes.count }
    return left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}
