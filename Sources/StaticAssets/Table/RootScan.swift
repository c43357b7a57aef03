/// One file found below a root.
struct ScannedFile {
  /// The name below the root.
  let name: FilePath
  let status: FileStatus
}

/// The files below a directory that may be served.
///
/// Dot files are left out, except below `.well-known` at the top (RFC 8615), and so are the
/// manifests and what is neither a file nor a directory. A link is followed as long as it stays
/// inside the root. What cannot be read is left out with a warning: one bad file must not keep
/// the others from being served.
struct RootScan {
  private(set) var files: [ScannedFile] = []
  private(set) var warnings: [String] = []

  private let root: FilePath

  /// Scans the directory `root`.
  ///
  /// - Throws: when the root itself cannot be listed.
  init(root: FilePath, _ directory: borrowing Descriptor) throws(FileError) {
    self.root = root
    let resolvedRoot = root.resolved ?? root
    var items: [DirectoryWalk.Item] = []
    var strayLinks: [String] = []
    try DirectoryWalk.run(directory, root: root) { candidate in
      guard Self.isServed(candidate) else { return false }
      guard candidate.isLink else { return true }
      let path = root.appending(candidate.path)
      guard let target = path.resolved, !target.isInside(resolvedRoot) else { return true }
      strayLinks.append("'\(path)' links to '\(target)', outside the root; not served")
      return false
    } visit: { item in
      items.append(item)
    }
    warnings = strayLinks
    for item in items { add(item) }
    files.sort { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }
  }

  /// The file `name` in `directory`, whatever it is called, and its stored codings.
  ///
  /// - Parameter path: what the file is called in an error.
  init(file name: FilePath, in directory: borrowing Descriptor, path: FilePath) throws(FileError) {
    root = path.parent
    let number = directory.number
    do throws(FileError) {
      files = [ScannedFile(name: name, status: try FileStatus.of(name, in: number))]
    } catch {
      throw FileError(operation: "open", path: path.description, code: error.code)
    }
    for coding in ContentCoding.allCases where coding != .identity {
      let stored = name.appending(suffix: coding.fileSuffix)
      guard let status = try? FileStatus.of(stored, in: number), status.isRegular else { continue }
      files.append(ScannedFile(name: stored, status: status))
    }
  }

  private mutating func add(_ item: DirectoryWalk.Item) {
    switch item {
    case .file(let path, let status):
      files.append(ScannedFile(name: path, status: status))
    case .special(let path):
      warnings.append("'\(root.appending(path))' is no regular file; not served")
    case .failure(_, let error):
      warnings.append("\(error); not served")
    }
  }

  private static func isServed(_ candidate: DirectoryWalk.Candidate) -> Bool {
    let isTop = candidate.name == candidate.path
    if candidate.name.bytes.first == UInt8(ascii: ".") {
      return isTop && candidate.name == FilePath(".well-known")
    }
    return !isTop || ![ManifestName.django, ManifestName.collected].contains(candidate.name)
  }
}
