internal import StaticAssets

/// The state of the directories of a release in the root.
struct RootLayout: Sendable {
  /// The state of one directory.
  enum Place: Sendable {
    /// It exists.
    case directory
    /// It does not exist, so no file in it replaces another.
    case missing
    /// Something else has its name, or the name of one of its parents.
    case obstacle(BytePath)
  }

  private let places: [BytePath: Place]
  /// Whether what is in the way is moved away.
  private let isCleared: Bool

  /// What is in the place of the release's directories, and is moved away.
  let obstacles: [BytePath]

  /// The missing directories whose parent exists; all other missing ones are inside these.
  let topmostMissing: [BytePath]

  /// Inspects these directories in `root`; the set contains every parent.
  ///
  /// - Parameter isCleared: whether everything is removed that the release does not need, so that
  ///   nothing is in its way.
  init(
    _ directories: Set<BytePath>,
    in root: borrowing Directory,
    isCleared: Bool
  ) throws(FileError) {
    self.isCleared = isCleared
    var obstacles: [BytePath] = []
    var places: [BytePath: Place] = [BytePath(""): .directory]
    var topmostMissing: [BytePath] = []
    // Shorter paths first, so that a parent comes before its entries.
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

  /// The state of the directory that the file `name` needs.
  func place(ofDirectoryOf name: BytePath) -> Place { places[name.parent] ?? .missing }

  /// What prevents a file at `name`: a directory, or a file in the place of one of its parents.
  ///
  /// - Parameter status: the status of a name in the root, nil if it does not exist.
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

  /// Whether the directory that the file `name` needs is missing.
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
