internal import StaticAssets

/// The cache as one run uses it: completely, or not at all.
struct CollectCache: Sendable {
  /// Compressed results of earlier runs; nil without a cache.
  let results: CompressionCache?

  /// Why the requested cache cannot be opened; nil too if it lies inside the root or a source.
  private let failure: FileError?
  private let directory: CacheDirectory?
  private let recordName: BytePath?

  /// Opens the cache that the options name.
  ///
  /// - Throws: when the cache is required and cannot be used.
  init(_ options: CollectOptions) throws(CollectError) {
    var directory: CacheDirectory?
    var failure: FileError?
    // A dry run does not write to the cache either.
    if let wanted = options.cache, !options.isDryRun {
      do throws(CollectError) {
        try Self.checkPlace(of: wanted.directory, options)
        directory = try Self.open(wanted.directory)
      } catch {
        guard !wanted.isRequired else { throw error }
        if case .system(let error) = error { failure = error }
      }
    }
    self.directory = directory
    self.failure = failure
    let byteCountMax = options.cache?.byteCountMax ?? 0
    results = directory.map { CompressionCache($0, byteCountMax: byteCountMax) }
    recordName = directory == nil ? nil : BuildStamp.name(options)
  }

  /// The record of the last run with these options; nil if it is missing or damaged.
  func lastRun() -> BuildStamp? {
    guard let directory, let recordName, let bytes = directory.read(recordName) else { return nil }
    return try? BuildStamp(bytes)
  }

  /// The record of the last run without the sources' fingerprint, so that it never matches.
  func memoryAlone() -> BuildStamp? {
    var record = lastRun()
    record?.sources = []
    return record
  }

  /// The digests in the newest record of other roots or options; empty if there is none.
  ///
  /// A digest belongs to the status of a file, wherever the file is published.
  func memoryOfOthers() -> DigestCache {
    guard let directory, let newest = newestRuns(in: directory).first,
      let bytes = directory.read(newest.name), let record = try? BuildStamp(bytes)
    else { return DigestCache() }
    return record.memory
  }

  /// The records in the cache, the newest first.
  private func newestRuns(in directory: CacheDirectory) -> [CacheDirectory.Entry] {
    directory.entries(below: BuildStamp.directoryName).sorted {
      $0.status.modifiedNanoseconds > $1.status.modifiedNanoseconds
    }
  }

  /// Whether the record of a run can be stored.
  var keepsRuns: Bool { recordName != nil }

  /// Stores the record of a run for the next one.
  func keep(_ record: BuildStamp) {
    guard let directory, let recordName else { return }
    // A missing record only makes the next run slower.
    try? directory.write(record.bytes, to: recordName, replaces: true)
    forgetRuns(in: directory)
  }

  /// The number of records kept, over all roots and options; the least recently used ones go first.
  private static let runCountMax = 64

  /// Removes the records beyond `runCountMax`.
  private func forgetRuns(in directory: CacheDirectory) {
    for entry in newestRuns(in: directory).dropFirst(Self.runCountMax) {
      directory.remove(entry.name)
    }
  }

  /// Writes pending results and removes old ones.
  /// - Returns: the first error; nil if there was none.
  func finish() -> FileError? {
    results?.finish()
    directory?.removeLeftovers()
    return failure ?? results?.failure
  }

  private static func open(_ path: BytePath) throws(CollectError) -> CacheDirectory {
    do throws(FileError) {
      return try CacheDirectory(path)
    } catch {
      throw .system(error)
    }
  }

  /// Rejects a cache inside a source, which would be collected, or inside the root, which would be
  /// published.
  private static func checkPlace(
    of directory: BytePath,
    _ options: CollectOptions
  ) throws(CollectError) {
    let cache = directory.resolvedAsFarAsItExists
    if cache.isInside(options.root.resolvedAsFarAsItExists) {
      throw .usage("cache '\(directory)' lies inside root '\(options.root)'")
    }
    for case .directory(let source) in options.sources {
      guard let resolved = source.path.resolved, cache.isInside(resolved) else { continue }
      throw .usage("cache '\(directory)' lies inside the source '\(source.path)'")
    }
  }
}
