internal import Glibc
internal import Synchronization

/// A function applied to the numbers below a count by several threads at once.
///
/// For what is done once at start-up: reading tens of thousands of files is mostly time in the
/// kernel, which two threads halve. The results do not depend on how many threads there are.
enum ParallelMap {
  /// As many threads as are worth starting: one for each processor.
  ///
  /// More than four wait for the kernel's locks on directories rather than work.
  static var threadCountMax: Int { max(1, min(4, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// The number of threads to use, at most `max`: none for fewer than `countPerThreadMin` items,
  /// as starting one takes as long as reading a few dozen files.
  static func threadCount(items: Int, countPerThreadMin: Int, max: Int) -> Int {
    Swift.max(1, min(max, items / countPerThreadMin))
  }

  /// The results of `body` for the numbers from 0 to `count` - 1, in their order.
  ///
  /// The calling thread takes part, and returns when all is done. Who is free takes the next
  /// `runCount` numbers, so a slow item holds nobody up for long. If no thread can be started the
  /// caller does it all.
  ///
  /// The unsafe part: each element of the buffer is written exactly once, because `next` hands
  /// every number to one thread only, and is read after all threads have been joined.
  static func map<Result>(
    count: Int,
    threadCount: Int,
    runCount: Int = 1,
    _ body: (Int) -> Result
  ) -> [Result] {
    // Two of these at once would both write the count of the one empty array that there is.
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

  /// Runs two functions, with more than one thread at the same time.
  static func both(threadCount: Int, _ first: () -> Void, _ second: () -> Void) {
    _ = map(count: 2, threadCount: threadCount) { $0 == 0 ? first() : second() }
  }

  /// Runs `body` on `threadCount` threads, of which the caller's is one.
  private static func run(threadCount: Int, _ body: () -> Void) {
    guard threadCount > 1 else { return body() }
    // Every thread is joined before this returns, so `body` does not outlive the call.
    withoutActuallyEscaping(body) { body in
      let box = HelperBody(run: body)
      let helpers = (1..<threadCount).compactMap { _ in start(box) }
      body()
      for helper in helpers { pthread_join(helper, nil) }
    }
  }

  /// Starts a thread; nil when the system has none to spare. pthread_create(3)
  ///
  /// The box is retained for the new thread, which takes it over as its first act.
  private static func start(_ box: HelperBody) -> pthread_t? {
    let retained = unsafe Unmanaged.passRetained(box)
    var handle = pthread_t()
    let result = unsafe pthread_create(
      &handle,
      nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<HelperBody>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      },
      retained.toOpaque()
    )
    guard result == 0 else {
      unsafe retained.release()
      return nil
    }
    return handle
  }
}

/// What helper threads run; the caller of `ParallelMap` answers for its being safe to share.
private final class HelperBody: @unchecked Sendable {
  let run: () -> Void

  init(run: @escaping () -> Void) {
    self.run = run
  }
}

/// Memory that several threads write at different places.
@unsafe private struct UncheckedBuffer<Element>: @unchecked Sendable {
  let elements: UnsafeMutableBufferPointer<Element>
}
