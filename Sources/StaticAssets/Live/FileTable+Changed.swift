#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Stored files that have changed since the table's responses were built.
///
/// A strong entity tag identifies the same bytes (RFC 9110 §8.8.3). So the response for a file that
/// was rewritten after the table was built is made like that for a file of a live directory: with a
/// tag of size and times.
extension FileTable {
  /// A table of the current version of stored file `number`, for `planLive`.
  ///
  /// If the stored file is a content coding of another file, the table has that other file: the
  /// coding may have been rewritten first, and the file next.
  ///
  /// - Parameters:
  ///   - number: the index in a plan's body.
  ///   - coding: the coding of that plan.
  /// - Throws: `FileError` if no regular file has the name, or it cannot be opened.
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
    // The file may be on a network file system, whose server has another clock.
    let freshness = LiveFreshness(status, at: Platform.fileTime, isLocal: false)
    return changedSite.table(of: file, path, status, .root, freshness)
  }

  /// The options without immutable names, because the content has changed under its name.
  private var changedSite: LiveSite {
    var options = options
    options.immutableNames = []
    return LiveSite(options, [:])
  }

  /// Whether stored file `number` still matches the table's responses; checked before the head of a
  /// response is written whose body is sent by another component.
  package func isCurrent(file number: Int) -> Bool {
    let (descriptor, isKept) = openFile(number)
    if !isKept, descriptor >= 0 { _ = Descriptor(owning: descriptor) }
    return descriptor >= 0
  }

  /// The index of the stored file that the body of `plan` is sent from; nil if it is in memory.
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
