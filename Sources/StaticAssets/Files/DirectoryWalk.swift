#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Visits all files below a directory in a deterministic order: the files of a directory by name,
/// then its subdirectories.
///
/// Symbolic links are followed, except a link to an ancestor directory. A path contains at most
/// four links to directories; otherwise a few links to each other would create millions of paths.
package struct DirectoryWalk {
  /// A result of the walk; paths are relative to the walk's root.
  package enum Item {
    case file(BytePath, FileStatus)
    /// Neither a regular file nor a directory: a socket, a device.
    case special(BytePath)
    /// An entry that cannot be read, or a dangling symbolic link.
    case failure(BytePath, FileError)
  }

  /// An entry that `isWanted` accepts or rejects; only its status has been read.
  package struct Candidate {
    /// The base name.
    package let name: BytePath
    /// The path below the root.
    package let path: BytePath
    package let isDirectory: Bool
    package let isLink: Bool
  }

  private struct Pending {
    let path: BytePath
    let ancestors: DirectoryAncestors
  }

  private let root: BytePath
  private let directory: Int32
  private let isWanted: (Candidate) -> Bool
  private let visit: (Item) -> Void

  /// Walks `directory`.
  ///
  /// - Parameters:
  ///   - directory: the directory's descriptor.
  ///   - root: the directory's path, for errors.
  ///   - isWanted: whether to visit a file, or to enter a directory.
  ///   - visit: called for every accepted entry that is not a directory.
  /// - Throws: `FileError` when the root itself cannot be listed.
  package static func run(
    _ directory: borrowing Descriptor,
    root: BytePath,
    isWanted: (Candidate) -> Bool,
    visit: (Item) -> Void
  ) throws(FileError) {
    let status = try directory.status(of: root)
    let number = directory.number
    // Neither closure escapes this call. The line directive: see `ParallelMap`.
    #sourceLocation(file:"DirectoryWalk.run",line:1)
    let failure = withoutActuallyEscaping(isWanted) { isWanted in
      withoutActuallyEscaping(visit) { visit -> FileError? in
        let walk = DirectoryWalk(
          root: root,
          directory: number,
          isWanted: isWanted,
          visit: visit
        )
        return walk.run(status.identity)
      }
    }
    #sourceLocation()
    if let failure { throw failure }
  }

  /// Walks all directories; returns the error of listing the root, or nil.
  private func run(_ identity: FileIdentity) -> FileError? {
    var pending = [Pending(path: BytePath(""), ancestors: DirectoryAncestors(root: identity))]
    while let next = pending.popLast() {
      do throws(FileError) {
        pending += try list(next).reversed()
      } catch {
        guard !next.path.isEmpty else { return error }
        visit(.failure(next.path, error))
      }
    }
    return nil
  }

  /// Visits the entries of one directory; returns its subdirectories.
  private func list(_ parent: Pending) throws(FileError) -> [Pending] {
    let name = parent.path.isEmpty ? BytePath(".") : parent.path
    let opened = try Descriptor.open(name, in: directory, flags: FileFlags.directory)
    let entries = try opened.entries(of: root.appending(parent.path))
    var directories: [Pending] = []
    for entry in entries {
      if let found = examine(entry, in: parent) { directories.append(found) }
    }
    return directories
  }

  /// Visits one entry; returns it if it is a directory to enter.
  private func examine(_ entry: DirectoryEntry, in parent: Pending) -> Pending? {
    let path = parent.path.appending(entry.name)
    let isLink = isLink(entry, path)
    let status: FileStatus
    do throws(FileError) {
      status = try FileStatus.of(path, in: directory)
    } catch {
      if isWanted(Candidate(name: entry.name, path: path, isDirectory: false, isLink: isLink)) {
        let displayPath = root.appending(path).description
        visit(.failure(path, FileError(operation: "read", path: displayPath, code: error.code)))
      }
      return nil
    }
    let candidate = Candidate(
      name: entry.name,
      path: path,
      isDirectory: status.isDirectory,
      isLink: isLink
    )
    guard isWanted(candidate) else { return nil }
    guard status.isDirectory else {
      visit(status.isRegular ? .file(path, status) : .special(path))
      return nil
    }
    switch parent.ancestors.step(into: status.identity, isLink: isLink) {
    case .into(let ancestors):
      return Pending(path: path, ancestors: ancestors)
    case .cycle:
      return nil
    case .tooManyLinks:
      let displayPath = root.appending(path).description
      visit(.failure(path, FileError(operation: "follow", path: displayPath, code: ELOOP)))
      return nil
    }
  }

  /// Whether an entry is a symbolic link.
  ///
  /// If the directory entry has no type, lstat(2) is called.
  private func isLink(_ entry: DirectoryEntry, _ path: BytePath) -> Bool {
    guard entry.kind == .unknown else { return entry.kind == .link }
    return (try? FileStatus.of(path, in: directory, followsLinks: false))?.isLink ?? false
  }
}
