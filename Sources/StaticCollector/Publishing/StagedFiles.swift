internal import StaticAssets
internal import Synchronization

/// The files that a run has staged, to be flushed; safe to use from several threads.
final class StagedFiles: Sendable {
  private struct State {
    var names: [BytePath] = []
    var directories: Set<BytePath> = []
    var byteCount = 0
  }

  /// The number of concurrent fsync calls: a journaling file system commits them with one write.
  private static let waitingMax = 16

  private let state = Mutex(State())

  /// The number of bytes that were written.
  var byteCount: Int { state.withLock { $0.byteCount } }

  /// Records a file with its own content.
  func note(_ name: BytePath, byteCount: Int) {
    state.withLock { state in
      state.names.append(name)
      state.directories.insert(name.parent)
      state.byteCount += byteCount
    }
  }

  /// Records a hard or symbolic link.
  func note(linkAt name: BytePath) {
    state.withLock { state in _ = state.directories.insert(name.parent) }
  }

  /// Waits until the files and their names are on disk.
  func flush(in staging: borrowing Directory) throws(FileError) {
    let (names, directories) = state.withLock { state in
      (state.names, state.directories.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) })
    }
    // Directories are flushed last, so that a name on disk always has its content.
    try Self.flush(names, in: staging)
    try Self.flush(directories.filter { !$0.isEmpty }, in: staging)
    try staging.flushNames()
  }

  private static func flush(
    _ names: [BytePath],
    in staging: borrowing Directory
  ) throws(FileError) {
    let (number, path) = (staging.number, staging.path)
    let errors = ParallelMap.map(count: names.count, threadCount: waitingMax) {
      index -> FileError? in
      do throws(FileError) {
        try Directory.flush(names[index], in: number, shownAs: path.appending(names[index]))
        return nil
      } catch {
        return error
      }
    }
    if let error = errors.lazy.compactMap({ $0 }).first { throw error }
  }
}
