internal import StaticAssets

/// All files in a root, with the problems of its directories and links.
struct RootListing {
  /// Every file, including links and special files.
  private(set) var files: Set<BytePath> = []
  /// Special files: pipes, sockets, devices.
  private(set) var specials: Set<BytePath> = []
  /// The modes of directories, the root's under the empty name; for a link, that of its target.
  private(set) var directoryModes: [BytePath: UInt32] = [:]
  /// Problems that do not depend on the manifests.
  private(set) var problems: [RootProblem] = []

  /// Lists `root`.
  ///
  /// - Parameter linked: names that may be links out of the root, as `collect --link` creates them;
  ///   nil for all names.
  init(_ root: borrowing Directory, linked: Set<BytePath>?) throws(FileError) {
    let resolvedRoot = root.path.resolved ?? root.path
    let path = root.path
    let number = root.number
    var files: Set<BytePath> = []
    var problems: [RootProblem] = []
    var specials: Set<BytePath> = []
    let rootMode = try root.descriptor.status(of: path).mode
    var directoryModes: [BytePath: UInt32] = [BytePath(""): rootMode]
    try DirectoryWalk.run(root.descriptor, root: path) { candidate in
      if Publisher.isLeftover(candidate.path) {
        let text = "this is left of a run that was stopped, or one is at work; collect again"
        problems.append(RootProblem(file: candidate.path, text: text))
        return false
      }
      if candidate.isLink, linked?.contains(candidate.path) == false,
        let resolved = path.appending(candidate.path).resolved, !resolved.isInside(resolvedRoot)
      {
        let text = "this link leads out of the root; remove it, or put a copy in its place"
        problems.append(RootProblem(file: candidate.path, text: text))
        if !candidate.isDirectory { files.insert(candidate.path) }
        return false
      }
      if candidate.isDirectory, let status = try? FileStatus.of(candidate.path, in: number) {
        directoryModes[candidate.path] = status.mode
      }
      if let mode = directoryModes[candidate.path], mode & 0o500 != 0o500 {
        let text = "the mode of this directory keeps its owner out; make it 0755"
        problems.append(RootProblem(file: candidate.path, text: text))
      }
      return true
    } visit: { item in
      switch item {
      case .file(let name, _): files.insert(name)
      case .special(let name):
        files.insert(name)
        specials.insert(name)
      case .failure(let name, let error):
        // A file of a manifest is read later, and its failure is reported then.
        files.insert(name)
        guard linked?.contains(name) != false else {
          let text = "cannot \(error.operation) it: \(FileError.text(of: error.code)); remove it"
          problems.append(RootProblem(file: name, text: text))
          return
        }
      }
    }
    self.files = files
    self.specials = specials
    self.directoryModes = directoryModes
    self.problems = problems
  }
}
