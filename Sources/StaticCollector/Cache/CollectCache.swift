internal import StaticAssets

/// What one run has of the cache: all of it, or nothing.
struct CollectCache: Sendable {
  /// What was compressed before; nil without a cache.
  let results: CompressionCache?
  /// Why there is no cache, though one was wanted.
  private let failure: FileError?

  /// Opens the cache that the options name.
  ///
  /// - Throws: when it is required and cannot be used.
  init(_ options: CollectOptions) throws(CollectError) {
    guard let wanted = options.cache else {
      (results, failure) = (nil, nil)
      return
    }
    do throws(CollectError) {
      try Self.checkPlace(of: wanted.directory, options)
    } catch {
      guard !wanted.isRequired else { throw error }
      (results, failure) = (nil, nil)
      return
    }
    do throws(FileError) {
      let directory = try CacheDirectory(wanted.directory)
      results = CompressionCache(directory, byteCountMax: wanted.byteCountMax)
      failure = nil
    } catch {
      guard !wanted.isRequired else { throw .system(error) }
      (results, failure) = (nil, error)
    }
  }

  /// Makes room in the cache.
  /// - Returns: why something could not be kept.
  func finish() -> FileError? {
    results?.trim()
    return failure ?? results?.failure
  }

  /// A cache in a source would be collected, and one in the root would be published.
  private static func checkPlace(
    of directory: FilePath,
    _ options: CollectOptions
  ) throws(CollectError) {
    let cache = directory.resolvedAsFarAsItExists
    if cache.isInside(options.root.resolvedAsFarAsItExists) {
      throw .usage("--cache '\(directory)' lies inside --root '\(options.root)'")
    }
    for source in options.sources {
      guard let resolved = source.path.resolved, cache.isInside(resolved) else { continue }
      throw .usage("--cache '\(directory)' lies inside the source '\(source.path)'")
    }
  }
}
