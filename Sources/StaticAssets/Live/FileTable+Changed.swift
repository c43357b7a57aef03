internal import Glibc

/// Stored files that are no longer what the table's responses describe.
///
/// A strong entity tag stands for the same bytes (RFC 9110 §8.8.3). So a file that was rewritten after the
/// table was built is answered as a file of a live directory is: with a tag of size and times.
extension FileTable {
  /// A table of stored file `number` as it is now, for `planLive`.
  ///
  /// If the stored file is a content coding of another file, the table has that other file: the coding
  /// may have been rewritten first, and the file next.
  ///
  /// - Parameters:
  ///   - number: the index in a plan's body.
  ///   - coding: the coding of that plan.
  /// - Throws: `FileError` if there is no regular file of the name, or it cannot be opened.
  package func tableOfChangedFile(
    _ number: Int,
    _ coding: ContentCoding
  ) throws(FileError) -> FileTable {
    let stored = storedFiles[number]
    // The name ends with a NUL in the arena.
    var name = Array(copy(stored.name).dropLast())
    if coding != .identity, BytePath(name).hasSuffix(coding.fileSuffix) {
      name.removeLast(coding.suffixByteCount)
    }
    let path = BytePath(name)
    guard !name.isEmpty else {
      throw FileError(operation: "open", path: path.description, code: ESTALE)
    }
    let file = try Descriptor.open(path, in: stored.directory, flags: FileFlags.read)
    let status = try file.status(of: path)
    guard status.isRegular else {
      throw FileError(operation: "open", path: path.description, code: EINVAL)
    }
    var now = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME_COARSE, &now)
    let nanoseconds = Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    // The file system may be another machine's, whose clock is not known.
    let freshness = LiveFreshness(status, at: nanoseconds, isLocal: false)
    return changedSite.table(of: file, path, status, .root, freshness)
  }

  /// The options without names that stand for one content: this content is another.
  private var changedSite: LiveSite {
    var options = options
    options.immutableNames = []
    return LiveSite(options, [:])
  }

  /// Whether stored file `number` is what the table's responses describe: asked before the head of a
  /// response is written whose body another part sends.
  package func isCurrent(file number: Int) -> Bool {
    let (descriptor, isKept) = openFile(number)
    if !isKept, descriptor >= 0 { _ = Descriptor(owning: descriptor) }
    return descriptor >= 0
  }

  /// The number of the stored file that the body of `plan` is sent from; nil if it is in memory.
  package func storedFile(of plan: ResponsePlan) -> Int? {
    let body: BodySource
    if case .parts(let number) = plan.body {
      body = representations[number].body
    } else {
      body = plan.body
    }
    if case .file(let number, _, _) = body { return number }
    return nil
  }
}
