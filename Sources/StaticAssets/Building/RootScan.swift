#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The files below a directory that may be served.
///
/// Not served: dot files (except below `.well-known` at the top, RFC 8615), the manifests, and
/// anything that is neither a regular file nor a directory. Symbolic links are followed if their
/// target is inside the root. A file that cannot be read is left out with a warning, so that the
/// others can still be served.
///
/// Several threads scan the directories of one depth; the result does not depend on their number.
struct RootScan {
  /// The paths of the files below the root.
  private(set) var names = NameBuffer()
  /// Sorted by directory, then by name: a file's codings follow it.
  private(set) var files: [ScannedFile] = []
  private(set) var warnings: [String] = []

  /// Scans the directory `root`.
  ///
  /// - Parameters:
  ///   - root: the path of the directory, for warnings and errors.
  ///   - directory: its descriptor.
  ///   - threadCountMax: the largest number of threads, the caller's included.
  ///   - servesManifests: whether the manifests may be served.
  /// - Throws: `FileError` when the root itself cannot be listed.
  init(
    root: BytePath,
    _ directory: borrowing Descriptor,
    threadCountMax: Int = ParallelMap.threadCountMax,
    servesManifests: Bool = false
  ) throws(FileError) {
    let identity = try directory.status(of: root).identity
    let origin = DirectoryScan.Origin(
      root: root,
      resolvedRoot: root.resolved ?? root,
      directory: directory.number,
      servesManifests: servesManifests
    )
    var found: [DirectoryScan] = []
    var pending = [
      DirectoryScan.Pending(path: BytePath(""), ancestors: DirectoryAncestors(root: identity))
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

  /// Scans one file and its stored codings; the rules about names do not apply.
  ///
  /// - Parameters:
  ///   - name: the file's name in `directory`.
  ///   - directory: the descriptor of its directory.
  ///   - path: the file's path, for errors.
  init(file name: BytePath, in directory: borrowing Descriptor, path: BytePath) throws(FileError) {
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
    for coding in ContentCoding.plain where coding != .identity {
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
