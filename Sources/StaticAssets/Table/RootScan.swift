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
  private let resolvedRoot: FilePath

  /// A directory still to be listed, with the directories that lead to it.
  private struct Pending {
    let name: FilePath
    let ancestors: [FileIdentity]
  }

  /// Scans the directory `root`.
  ///
  /// - Throws: when the root itself cannot be listed.
  init(root: FilePath, _ directory: borrowing Descriptor) throws(FileError) {
    self.root = root
    resolvedRoot = root.resolved ?? root
    let status = try directory.status(of: root)
    var pending = [Pending(name: FilePath(""), ancestors: [status.identity])]
    while let next = pending.popLast() {
      do throws(FileError) {
        try list(next, in: directory, &pending)
      } catch {
        guard !next.name.isEmpty else { throw error }
        warnings.append("\(error); not served")
      }
    }
    files.sort { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }
  }

  private mutating func list(
    _ directory: Pending,
    in root: borrowing Descriptor,
    _ pending: inout [Pending]
  ) throws(FileError) {
    let path = self.root.appending(directory.name)
    let name = directory.name.isEmpty ? FilePath(".") : directory.name
    let opened = try Descriptor.open(name, in: root.number, flags: FileFlags.directory)
    for entry in try opened.entries(of: path) {
      let name = directory.name.appending(entry.name)
      guard isServed(entry.name, in: directory.name) else { continue }
      do throws(FileError) {
        let status = try FileStatus.of(name, in: root.number)
        if entry.kind == .link, !staysInside(name) { continue }
        if status.isDirectory {
          guard !directory.ancestors.contains(status.identity) else { continue }
          pending.append(Pending(name: name, ancestors: directory.ancestors + [status.identity]))
        } else if status.isRegular {
          files.append(ScannedFile(name: name, status: status))
        } else {
          warnings.append("'\(self.root.appending(name))' is no regular file; not served")
        }
      } catch {
        let shown = self.root.appending(name)
        warnings.append("cannot read '\(shown)': \(FileError.text(of: error.code)); not served")
      }
    }
  }

  private func isServed(_ name: FilePath, in directory: FilePath) -> Bool {
    if name.bytes.first == UInt8(ascii: ".") {
      return directory.isEmpty && name == FilePath(".well-known")
    }
    return !(directory.isEmpty && (name == ManifestName.django || name == ManifestName.collected))
  }

  private mutating func staysInside(_ name: FilePath) -> Bool {
    let path = root.appending(name)
    guard let target = path.resolved, !target.isInside(resolvedRoot) else { return true }
    warnings.append("'\(path)' links to '\(target)', outside the root; not served")
    return false
  }
}
