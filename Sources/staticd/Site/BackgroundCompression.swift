internal import Glibc
internal import StaticAssets
internal import StaticCollector
internal import StaticServer
internal import Synchronization

/// Compresses text in public directories while it is served.
final class BackgroundCompression: Sendable {
  private struct State {
    var waiting: [UncodedFile] = []
    var made = AddedCodings()
    /// Whether `made` has codings that `take` has not returned.
    var isNew = false
    var isRunning = false
    var isStopped = false
  }

  private let cache: CacheOptions?
  private let state = Mutex(State())

  /// Starts nothing yet; `options` decide where results are cached.
  init(_ options: ServingOptions) throws {
    cache = try CacheOptions.of(options.arguments)
  }

  /// Compresses those of `files` that were not tried yet, on a thread of its own.
  func compress(_ files: [UncodedFile]) {
    let starts = state.withLock { state in
      state.made.keep(files)
      state.waiting = files.filter { state.made[$0.version] == nil }
      // Smallest first: most files are small, and most requests are for small files.
      state.waiting.sort { $0.version.size > $1.version.size }
      let starts = !state.waiting.isEmpty && !state.isRunning
      if starts { state.isRunning = true }
      return starts
    }
    if starts { start() }
  }

  private func start() {
    do throws(StaticServerError) {
      _ = try WorkerThread(name: "staticd-encoder") { self.run() }
    } catch {
      state.withLock { $0.isRunning = false }
    }
  }

  /// The codings made so far; nil if none is new, or while more are being made.
  func take() -> AddedCodings? {
    state.withLock { state in
      guard state.isNew, !state.isRunning else { return nil }
      state.isNew = false
      return state.made
    }
  }

  /// Retries files that had changed just before they were tried.
  func goOn() {
    let isWaiting = state.withLock { state in
      let isWaiting = !state.isRunning && !state.waiting.isEmpty
      if isWaiting { state.isRunning = true }
      return isWaiting
    }
    if isWaiting { start() }
  }

  /// Makes `take` return the codings again, for a table that was built without them.
  func offerAgain() { state.withLock { $0.isNew = $0.made.fileCount > 0 } }

  /// Stops after the current file.
  func stop() { state.withLock { $0.isStopped = true } }

  private func run() {
    IdleCompressor.becomeIdle()
    // Not kept between runs: other processes write to the cache, which must not stay open for days.
    let compressor = IdleCompressor(cache: cache)
    var unsettled: [UncodedFile] = []
    while let file = next() {
      switch compressor.compress(file) {
      case .done(let codings): add(codings, of: file)
      case .unsettled: unsettled.append(file)
      // The next table has the new version.
      case .changed: add([], of: file)
      }
    }
    compressor.finishCache()
    state.withLock { state in
      state.isRunning = false
      state.waiting = unsettled
    }
  }

  private func next() -> UncodedFile? {
    state.withLock { state in
      state.isStopped || state.made.byteCount >= IdleCompressor.resultByteCountMax
        ? nil : state.waiting.popLast()
    }
  }

  private func add(_ codings: [AddedCodings.Coding], of file: UncodedFile) {
    state.withLock { state in
      state.made[file.version] = codings
      if !codings.isEmpty { state.isNew = true }
    }
  }
}
