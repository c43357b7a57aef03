#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The files of one directory that may be served, and its subdirectories.
struct DirectoryScan {
  /// The root of the scan, shared by all its directories.
  struct Origin {
    let root: BytePath
    /// The root with all symbolic links resolved: a link to a target outside of it is not served.
    let resolvedRoot: BytePath
    /// The root's descriptor.
    let directory: Int32
    let servesManifests: Bool
  }

  /// A directory to be scanned.
  struct Pending {
    /// The path below the root; empty for the root.
    let path: BytePath
    let ancestors: DirectoryAncestors
  }

  let path: BytePath
  private(set) var names = NameBuffer()
  /// Sorted by name; `original` is an index into this array.
  private(set) var files: [ScannedFile] = []
  private(set) var directories: [Pending] = []
  private(set) var warnings: [String] = []
  /// The error of listing the directory; nil when it was listed.
  private(set) var failure: FileError?

  private let origin: Origin
  private let ancestors: DirectoryAncestors
  /// A stack of the indices of those files whose names are prefixes of the current name, the
  /// longest on top.
  private var prefixes: [Int32] = []

  /// Scans `directory`.
  ///
  /// A failure to list it is stored in `failure`.
  init(_ directory: Pending, from origin: Origin) {
    path = directory.path
    ancestors = directory.ancestors
    self.origin = origin
    do throws(FileError) {
      try list()
    } catch {
      failure = error
    }
  }

  private mutating func list() throws(FileError) {
    let opened = try Descriptor.open(
      path.isEmpty ? BytePath(".") : path,
      in: origin.directory,
      flags: FileFlags.directory
    )
    let listed = try opened.names(of: origin.root.appending(path))
    files.reserveCapacity(listed.entries.count)
    names.reserveCapacity(
      listed.names.bytes.count + listed.entries.count * (path.bytes.count + 1)
    )
    for entry in listed.entries where isServed(listed.names, entry.name) {
      examine(entry, of: listed.names, in: opened.number)
    }
  }

  private func isServed(_ names: NameBuffer, _ name: ByteSlice) -> Bool {
    let isHidden = names.bytes[name.range.lowerBound] == UInt8(ascii: ".")
    guard path.isEmpty else { return !isHidden }
    let name = names[name]
    if isHidden { return name == BytePath(".well-known") }
    return origin.servesManifests || !ManifestName.all.contains(name)
  }

  private mutating func examine(
    _ entry: DirectoryNames.Entry,
    of listed: NameBuffer,
    in directory: Int32
  ) {
    let file = names.append(entry.name, of: listed, in: path)
    if entry.kind == .file, add(coding: file) { return }
    let isLink = isLink(entry, file)
    if isLink, leadsOutside(file) { return }
    let status: FileStatus
    do throws(ErrorNumber) {
      status = try FileStatus.of(entry.name, among: listed, in: directory)
    } catch {
      warn("read", file, error.code)
      return
    }
    if status.isDirectory {
      enter(file, status.identity, isLink: isLink)
    } else if status.isRegular {
      add(file, FileVersion(status))
    } else {
      warnings.append("'\(displayPath(file))' is not a regular file; not served")
    }
  }

  /// Adds the file at `path`, without a status call, if its name is that of a coding of a file
  /// found before.
  private mutating func add(coding path: ByteSlice) -> Bool {
    guard original(of: path) != nil else { return false }
    add(path, nil)
    return true
  }

  private mutating func add(_ path: ByteSlice, _ version: FileVersion?) {
    var file = ScannedFile(path: path, version: version)
    if let (original, coding) = original(of: path) {
      file.original = original
      file.coding = coding
    }
    prefixes.append(Int32(files.count))
    files.append(file)
  }

  /// The index of the file of which `path` is a stored coding by its name, and the coding.
  ///
  /// Names are visited in sorted order, so every file whose name is a prefix of `path` is on the
  /// stack.
  private mutating func original(of path: ByteSlice) -> (Int32, ContentCoding)? {
    while let last = prefixes.last, !names.has(path, prefix: files[Int(last)].path) {
      prefixes.removeLast()
    }
    guard let coding = ContentCoding.stored(named: names.bytes.span, path.range) else {
      return nil
    }
    let count = Int(path.count) - coding.suffixByteCount
    let found = prefixes.last { Int(files[Int($0)].path.count) == count }
    return found.map { ($0, coding) }
  }

  private mutating func enter(_ path: ByteSlice, _ identity: FileIdentity, isLink: Bool) {
    switch ancestors.step(into: identity, isLink: isLink) {
    case .into(let ancestors): directories.append(Pending(path: names[path], ancestors: ancestors))
    case .cycle: break
    case .tooManyLinks: warn("follow", path, ELOOP)
    }
  }

  /// Whether an entry is a symbolic link.
  ///
  /// If the directory entry has no type, lstat(2) is called.
  private func isLink(_ entry: DirectoryNames.Entry, _ path: ByteSlice) -> Bool {
    guard entry.kind == .unknown else { return entry.kind == .link }
    let status = try? FileStatus.of(names[path], in: origin.directory, followsLinks: false)
    return status?.isLink ?? false
  }

  /// Whether the link at `path` resolves to a target outside the root; adds a warning then.
  private mutating func leadsOutside(_ path: ByteSlice) -> Bool {
    guard let target = displayPath(path).resolved, !target.isInside(origin.resolvedRoot) else {
      return false
    }
    warnings.append("'\(displayPath(path))' links to '\(target)', outside the root; not served")
    return true
  }

  private mutating func warn(_ operation: String, _ path: ByteSlice, _ code: Int32) {
    let error = FileError(operation: operation, path: displayPath(path).description, code: code)
    warnings.append("\(error); not served")
  }

  private func displayPath(_ path: ByteSlice) -> BytePath { origin.root.appending(names[path]) }
}
