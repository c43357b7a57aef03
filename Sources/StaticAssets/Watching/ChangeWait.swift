#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Waits for changes on a thread that may block, until another thread ends the wait. pipe(2),
/// poll(2)
final class ChangeWait: Sendable {
  private let reading: Descriptor
  private let writing: Descriptor

  /// - Throws: `FileError` when no descriptor is free.
  init() throws(FileError) {
    var numbers: [Int32] = [-1, -1]
    guard unsafe pipe(&numbers) == 0 else {
      throw FileError(operation: "watch", path: "pipe", code: errno)
    }
    reading = Descriptor(owning: numbers[0])
    writing = Descriptor(owning: numbers[1])
    for number in numbers { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
  }

  /// Ends this wait; later waits return at once.
  func end() {
    var byte: UInt8 = 0
    _ = unsafe write(writing.number, &byte, 1)
  }

  /// The end of a wait.
  enum Outcome {
    /// The descriptor is readable.
    case readable
    /// The time has passed.
    case timedOut
    /// `end` was called.
    case ended
  }

  /// Waits until `descriptor` is readable, `timeout` has passed or `end` was called.
  ///
  /// - Parameters:
  ///   - descriptor: negative for none.
  ///   - timeout: brought into the range of 10 ms to 24 hours, so that no value makes the thread spin
  ///     or overflows.
  func wait(for descriptor: Int32, _ timeout: Duration) -> Outcome {
    let timeout = min(max(timeout, .milliseconds(10)), .seconds(86400))
    let deadline = ContinuousClock.now + timeout
    while true {
      let left = max(.zero, ContinuousClock.now.duration(to: deadline))
      var events = [
        pollfd(fd: reading.number, events: Int16(POLLIN), revents: 0),
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let count = unsafe poll(&events, nfds_t(events.count), Self.milliseconds(left))
      if count < 0, errno == EINTR { continue }
      if events[0].revents != 0 { return .ended }
      if events[1].revents != 0 { return .readable }
      if ContinuousClock.now >= deadline { return .timedOut }
    }
  }

  /// Rounded up, so that poll(2) neither returns early nor spins with a timeout of 0 ms.
  private static func milliseconds(_ duration: Duration) -> Int32 {
    let (seconds, attoseconds) = duration.components
    let rest = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Int32(min(Int64(Int32.max), seconds * 1000 + rest))
  }
}
