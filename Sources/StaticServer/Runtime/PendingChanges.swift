internal import Glibc
internal import StaticAssets
internal import Synchronization

/// Changes of files that one thread reads while event loops answer from what was there before.
///
/// For development: a loop waits until they are read before it answers, so that the next request sees
/// each change. Every member may be used from any thread.
package final class PendingChanges: Sendable {
  /// Milliseconds after which a loop answers from what there is: files may change all the time.
  private static let millisecondsMax = 5000

  private let descriptor = Atomic<Int32>(-1)
  private let isReading = Atomic<Bool>(false)

  /// No changes.
  package init() {}

  /// Has loops look at `number`, which is readable once something has changed; negative for none.
  ///
  /// It stays open until another one is named.
  package func watch(_ number: Int32) {
    descriptor.store(number, ordering: .sequentiallyConsistent)
  }

  /// Reads changes by `body`, which takes them from the descriptor and offers another table.
  package func read(_ body: () -> Void) {
    isReading.store(true, ordering: .sequentiallyConsistent)
    body()
    isReading.store(false, ordering: .sequentiallyConsistent)
  }

  /// Waits until no change is left to be read.
  func wait() {
    for _ in 0..<Self.millisecondsMax {
      guard arePending else { return }
      usleep(1000)
    }
  }

  private var arePending: Bool {
    let number = descriptor.load(ordering: .sequentiallyConsistent)
    guard number >= 0 else { return false }
    var event = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    // In this order: a change that is no longer there to be taken is being read.
    return unsafe poll(&event, 1, 0) > 0 || isReading.load(ordering: .sequentiallyConsistent)
  }
}
