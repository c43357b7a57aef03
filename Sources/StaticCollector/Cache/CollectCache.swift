internal import StaticAssets

/// What one run has of the cache: all of it, or nothing.
struct CollectCache: Sendable {
  /// What was compressed before; nil without a cache.
  let results: CompressionCache?

  /// Why there is no cache, though one was wanted.
  private let failure: FileError?
  private let directory: CacheDirectory?
  private let recordName: BytePath?

  /// Opens the cache that the options name.
  ///
  /// - Throws: when it is required and cannot be used.
  init(_ options: CollectOptions) throws(CollectError) {
    var directory: CacheDirectory?
    var failure: FileError?
    // A dry run writes nothing, here neither.
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

  /// What the last run with these options wrote down; nil when that is not there or not whole.
  func lastRun() -> BuildStamp? {
    guard let directory, let recordName, let bytes = directory.read(recordName) else { return nil }
    return try? BuildStamp(bytes)
  }

  /// The digests of the last run, without what would tell that nothing has changed.
  func memoryAlone() -> BuildStamp? {
    var record = lastRun()
    record?.sources = []
    return record
  }

  /// Whether it makes sense to write down what a run did.
  var keepsRuns: Bool { recordName != nil }

  /// Writes down what a run did, for the next one.
  func keep(_ record: BuildStamp) {
    guard let directory, let recordName else { return }
    // The next run can do without.
    try? directory.write(record.bytes, to: recordName, replaces: true)
    forgetRuns(in: directory)
  }

  /// The runs that are remembered, of all roots and options: those that were used last.
  private static let runCountMax = 64

  /// Removes the records of runs beyond the bound.
  private func forgetRuns(in directory: CacheDirectory) {
    let entries = directory.entries(below: BuildStamp.directoryName)
    guard entries.count > Self.runCountMax else { return }
    let newest = entries.sorted { $0.status.modifiedNanoseconds > $1.status.modifiedNanoseconds }
    for entry in newest.dropFirst(Self.runCountMax) { directory.remove(entry.name) }
  }

  /// Makes room in the cache.
  /// - Returns: why something could not be kept.
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

  /// A cache in a source would be collected, and one in the root would be published.
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
