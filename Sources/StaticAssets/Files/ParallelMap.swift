internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Applies a function to the integers below a count on several threads.
///
/// For work at start-up: reading tens of thousands of files is mostly kernel time, and two threads
/// halve it. The result does not depend on the number of threads.
package enum ParallelMap {
  /// The largest useful number of threads: one per processor, at most four.
  ///
  /// More than four threads mostly wait for the kernel's locks on directories.
  static var threadCountMax: Int { min(4, Processors.count) }

  /// The number of threads for `items` items.
  ///
  /// Starting a thread takes as long as reading a few dozen files.
  ///
  /// - Parameters:
  ///   - items: the number of items.
  ///   - countPerThreadMin: the fewest items that justify one thread.
  ///   - max: the largest number of threads.
  /// - Returns: at least 1, the calling thread.
  static func threadCount(items: Int, countPerThreadMin: Int, max: Int) -> Int {
    Swift.max(1, min(max, items / countPerThreadMin))
  }

  /// The results of `body` for the integers from 0 to `count` - 1, in order.
  ///
  /// The calling thread takes part and returns when all work is done. If no thread can be started,
  /// it does all work.
  ///
  /// Unsafe invariant: `next` gives each integer to one thread, so each element of the buffer is
  /// initialised exactly once; it is read after all threads have been joined.
  ///
  /// - Parameters:
  ///   - count: the number of results.
  ///   - threadCount: the number of threads, the caller's included.
  ///   - runCount: the number of integers that a thread takes at once; small numbers distribute
  ///     slow items evenly.
  ///   - body: called once for each integer, on any thread.
  package static func map<Result>(
    count: Int,
    threadCount: Int,
    runCount: Int = 1,
    _ body: (Int) -> Result
  ) -> [Result] {
    // Empty arrays share one storage object: two threads would both write its count.
    guard count > 0 else { return [] }
    return unsafe [Result](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      let results = unsafe UncheckedBuffer(elements: buffer)
      let next = Atomic<Int>(0)
      run(threadCount: min(threadCount, count)) {
        while true {
          let first = next.wrappingAdd(runCount, ordering: .relaxed).oldValue
          guard first < count else { return }
          for number in first..<min(first + runCount, count) {
            unsafe results.elements.initializeElement(at: number, to: body(number))
          }
        }
      }
      initializedCount = count
    }
  }

  /// Runs two functions, concurrently if `threadCount` is at least 2.
  static func both(threadCount: Int, _ first: () -> Void, _ second: () -> Void) {
    _ = map(count: 2, threadCount: threadCount) { $0 == 0 ? first() : second() }
  }

  /// Runs `body` on `threadCount` threads, the caller's included.
  private static func run(threadCount: Int, _ body: () -> Void) {
    guard threadCount > 1 else { return body() }
    // Every thread is joined before the call returns, so `body` does not escape. The compiler adds a
    // check of that, which contains the length of the source file's path. The line directive gives
    // it a fixed one, so that builds in any directory have the same bytes.
    #sourceLocation(file:"ParallelMap.run",line:1)
    withoutActuallyEscaping(body) { body in
      let box = ThreadBody(run: body)
      let helpers = (1..<threadCount).compactMap { _ in Platform.startThread(box) }
      body()
      for helper in helpers { pthread_join(helper, nil) }
    }
    #sourceLocation()
  }
}

/// Memory that several threads write at different positions.
@unsafe private struct UncheckedBuffer<Element>: @unchecked Sendable {
  let elements: UnsafeMutableBufferPointer<Element>
}
