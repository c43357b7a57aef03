internal import Synchronization

/// The results of `body` for the numbers below `count`, in order, computed by `jobs` tasks.
///
/// The tasks take blocks of numbers from a shared counter, so none waits for another.
func concurrentMap<Element: Sendable>(
  count: Int,
  jobs: Int,
  _ body: @escaping @Sendable (Int) -> Element
) async -> [Element] {
  // Small blocks at the end: few files of unequal size would keep one task busy alone.
  let blockCount = max(1, min(16, count / (jobs * 8)))
  guard jobs > 1, count > blockCount else { return (0..<count).map(body) }
  let next = SharedCounter()
  var elements = [Element?](repeating: nil, count: count)
  await withTaskGroup(of: [(Int, [Element])].self) { group in
    for _ in 0..<jobs {
      group.addTask {
        var blocks: [(Int, [Element])] = []
        while true {
          let start = next.take(blockCount)
          guard start < count else { return blocks }
          blocks.append((start, (start..<min(start + blockCount, count)).map(body)))
        }
      }
    }
    for await blocks in group {
      for (start, block) in blocks {
        for (index, element) in block.enumerated() { elements[start + index] = element }
      }
    }
  }
  return elements.map { element in
    guard let element else { preconditionFailure("every number was taken by a task") }
    return element
  }
}

/// Hands out the numbers from 0 to several tasks.
final class SharedCounter: Sendable {
  private let next = Atomic<Int>(0)

  /// Takes `count` numbers; returns the first.
  func take(_ count: Int) -> Int { next.add(count, ordering: .relaxed).oldValue }
}
