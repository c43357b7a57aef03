internal import Glibc

/// One file found below a root.
struct ScannedFile {
  /// The path below the root, in the scan's `names`.
  var path: ByteSlice
  /// Unknown of a file that may be no more than another one in a coding: its manifest may tell
  /// what is needed, and asking the system for it is a sixth of the time to start.
  var version: FileVersion?
  /// The number of the file whose name this file's is but for the suffix of `coding`; -1 when
  /// there is none.
  var original: Int32 = -1
  var coding = ContentCoding.identity
}

/// The files below a directory that may be served.
///
/// Dot files are left out, except below `.well-known` at the top (RFC 8615), and so are the
/// manifests and what is neither a file nor a directory. A link is followed as long as it stays
/// inside the root. What cannot be read is left out with a warning: one bad file must not keep
/// the others from being served.
///
/// The directories of one depth are scanned by several threads; the result does not show it.
struct RootScan {
  /// The paths of the files below the root.
  private(set) var names = NameBuffer()
  /// By directory, then by name: a file's codings come after it.
  private(set) var files: [ScannedFile] = []
  private(set) var warnings: [String] = []

  /// Scans the directory `root`.
  ///
  /// - Throws: when the root itself cannot be listed.
  init(
    root: FilePath,
    _ directory: borrowing Descriptor,
    threadCountMax: Int = ParallelMap.threadCountMax
  ) throws(FileError) {
    let identity = try directory.status(of: root).identity
    let origin = DirectoryScan.Origin(
      root: root,
      resolvedRoot: root.resolved ?? root,
      directory: directory.number
    )
    var found: [DirectoryScan] = []
    var pending = [
      DirectoryScan.Pending(path: FilePath(""), trail: DirectoryTrail(root: identity))
    ]
    while !pending.isEmpty {
      let level = pending
      let threadCount = ParallelMap.threadCount(
        items: level.count,
        countPerThreadMin: 4,
        max: threadCountMax
      )
      let scans = ParallelMap.map(count: level.count, threadCount: threadCount) {
        DirectoryScan(level[$0], from: origin)
      }
      if found.isEmpty, let failure = scans[0].failure { throw failure }
      pending = scans.flatMap(\.directories)
      found += scans
    }
    found.sort { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }
    files.reserveCapacity(found.reduce(0) { $0 + $1.files.count })
    names.reserveCapacity(found.reduce(0) { $0 + $1.names.bytes.count })
    for scan in found { add(scan) }
  }

  /// The file `name` in `directory`, whatever it is called, and its stored codings.
  ///
  /// - Parameter path: what the file is called in an error.
  init(file name: FilePath, in directory: borrowing Descriptor, path: FilePath) throws(FileError) {
    let status: FileStatus
    do throws(FileError) {
      status = try FileStatus.of(name, in: directory.number)
    } catch {
      throw FileError(operation: "open", path: path.description, code: error.code)
    }
    guard status.isRegular else {
      let code = status.isDirectory ? EISDIR : EINVAL
      throw FileError(operation: "read", path: path.description, code: code)
    }
    files = [ScannedFile(path: names.append(name.bytes), version: FileVersion(status))]
    for coding in ContentCoding.allCases where coding != .identity {
      let stored = name.appending(suffix: coding.fileSuffix)
      guard let status = try? FileStatus.of(stored, in: directory.number), status.isRegular else {
        continue
      }
      files.append(
        ScannedFile(
          path: names.append(stored.bytes),
          version: FileVersion(status),
          original: 0,
          coding: coding
        )
      )
    }
  }

  private mutating func add(_ scan: DirectoryScan) {
    let offset = names.append(scan.names)
    let first = Int32(files.count)
    for file in scan.files {
      var file = file
      file.path = ByteSlice(
        offset: file.path.range.lowerBound + offset,
        count: file.path.range.count
      )
      if file.original >= 0 { file.original += first }
      files.append(file)
    }
    warnings += scan.warnings
    if let failure = scan.failure { warnings.append("\(failure); not served") }
  }
}
