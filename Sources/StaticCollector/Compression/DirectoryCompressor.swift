internal import StaticAssets

/// Compresses the files of a directory in place, as `python -m whitenoise.compress` does.
///
/// A coding is renamed into place with its file's times and mode. A coding that is no longer worth
/// keeping is removed if it does not decode to its file, because a server would send it.
public struct DirectoryCompressor: Sendable {
  private let options: CompressOptions
  private let policy: CompressionPolicy

  /// A compressor for these options.
  public init(_ options: CompressOptions) {
    self.options = options
    policy = CompressionPolicy(
      codings: options.codings,
      skippedExtensions: options.skippedExtensions,
      memory: options.compressionMemory
    )
  }

  /// Compresses the directory.
  ///
  /// Compressing occupies as many threads of the executor as there are jobs.
  ///
  /// - Parameter progress: receives the progress; made for one run.
  /// - Throws: `usage` if it is not a directory, is in a root with an unreadable manifest, or is
  ///   being written by another run; `system` if a system call fails; `cancelled` if the calling
  ///   task was cancelled.
  public func run(
    progress: CollectProgress = CollectProgress()
  ) async throws(CollectError) -> CompressReport {
    let jobs = try JobCount.of(options.jobs)
    do {
      guard (try? FileStatus.of(options.directory))?.isDirectory == true else {
        throw CollectError.usage("'\(options.directory)' is no directory")
      }
      let directory = try Directory(options.directory, shownAs: options.directory)
      let collected = try CollectedNames(in: options.directory)
      let lock: RootLock
      switch try RootLock.attempt(options.directory) {
      case .taken(let taken): lock = taken
      case .held(let holder):
        throw CollectError.usage("another run is writing to '\(options.directory)' (\(holder))")
      case .obstructed:
        let path = options.directory.appending(RootLock.fileName)
        throw CollectError.usage("'\(path)' is in the way, as it is no file; remove it")
      }
      let run = try CompressionRun(directory, lock, policy, collected, progress)
      defer { run.cleanUp() }
      return try await run.compressAll(jobs: jobs)
    } catch let error as FileError {
      throw .system(error)
    } catch let error as CollectError {
      throw error
    } catch {
      // The only other error is the cancellation of the calling task.
      throw .cancelled
    }
  }
}
