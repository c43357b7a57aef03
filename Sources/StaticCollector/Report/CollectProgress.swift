public import StaticAssets
internal import Synchronization

/// How far a run is.
///
/// Written by the run's threads, read by who draws it.
public final class CollectProgress: Sendable {
  /// What a run is doing.
  public enum Phase: Sendable {
    /// Looking for the files.
    case listing
    /// Reading and hashing them.
    case reading
    /// Writing and compressing them.
    case building
    /// Making deltas from the contents of earlier releases.
    case comparing
    /// Putting the new release in the place of the one before.
    case publishing
  }

  /// A moment of a run.
  public struct Snapshot: Sendable {
    /// What the run is doing.
    public internal(set) var phase = Phase.listing
    /// The files of this phase.
    public internal(set) var fileCount = 0
    /// How many of them are done.
    public internal(set) var filesDone = 0
    /// The bytes to compress, which is what takes the time.
    public internal(set) var byteCount = 0
    /// How many of them are done.
    public internal(set) var bytesDone = 0
    /// The files that are being worked on, the longest first.
    public internal(set) var current: [BytePath] = []
  }

  private let state = Mutex(Snapshot())

  /// The progress of a run that has not begun.
  public init() {}

  /// The state now.
  public var snapshot: Snapshot { state.withLock { $0 } }

  /// Begins a phase of `count` files, and of `byteCount` bytes where they take the time.
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

  /// A file is being worked on.
  package func start(_ name: BytePath) {
    state.withLock { $0.current.append(name) }
  }

  /// A file is done.
  package func finish(_ name: BytePath, _ byteCount: Int) {
    state.withLock {
      $0.filesDone += 1
      $0.bytesDone += byteCount
      if let index = $0.current.firstIndex(of: name) { $0.current.remove(at: index) }
    }
  }
}
