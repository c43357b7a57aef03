public import StaticAssets
internal import Synchronization

/// The progress of a run.
///
/// It is written by the run's threads, and read by the thread that displays it.
public final class CollectProgress: Sendable {
  /// The phases of a run.
  public enum Phase: Sendable {
    /// Listing the sources.
    case listing
    /// Reading and hashing the files.
    case reading
    /// Writing and compressing them.
    case building
    /// Creating deltas against the contents of earlier releases.
    case comparing
    /// Replacing the previous release by the new one.
    case publishing
  }

  /// The state of a run at one time.
  public struct Snapshot: Sendable {
    /// The current phase.
    public internal(set) var phase = Phase.listing
    /// The number of files in this phase.
    public internal(set) var fileCount = 0
    /// The number of files that are finished.
    public internal(set) var filesDone = 0
    /// The bytes to compress, which take most of the time.
    public internal(set) var byteCount = 0
    /// The number of bytes that are finished.
    public internal(set) var bytesDone = 0
    /// The files in progress, in the order in which they were started.
    public internal(set) var current: [BytePath] = []
  }

  private let state = Mutex(Snapshot())

  /// The progress of a run that has not started.
  public init() {}

  /// The current state.
  public var snapshot: Snapshot { state.withLock { $0 } }

  /// Begins a phase of `count` files, and of `byteCount` bytes if these determine the time.
  package func begin(_ phase: Phase, count: Int, byteCount: Int = 0) {
    state.withLock {
      $0 = Snapshot()
      $0.phase = phase
      $0.fileCount = count
      $0.byteCount = byteCount
    }
  }

  func begin(_ phase: Phase, _ contents: [PlannedContent], _ counts: (PlannedContent) -> Bool) {
    let byteCount = contents.reduce(0) { $0 + (counts($1) ? $1.byteCount : 0) }
    begin(phase, count: contents.count)
    state.withLock { $0.byteCount = byteCount }
  }

  /// Begins to compress files of these lengths.
  func begin(files byteCounts: [Int]) {
    begin(.building, count: byteCounts.count)
    state.withLock { $0.byteCount = byteCounts.reduce(0, +) }
  }

  func advance() {
    state.withLock { $0.filesDone += 1 }
  }

  /// Records that work on a file has started.
  package func start(_ name: BytePath) {
    state.withLock { $0.current.append(name) }
  }

  /// Records that a file is finished.
  package func finish(_ name: BytePath, _ byteCount: Int) {
    state.withLock {
      $0.filesDone += 1
      $0.bytesDone += byteCount
      if let index = $0.current.firstIndex(of: name) { $0.current.remove(at: index) }
    }
  }
}
