internal import Glibc

/// The signals that ask the process to end, taken one after the other by the main thread.
///
/// Blocked in every thread that is started after `block`, so that no code runs inside a handler.
struct StopSignals {
  private var signals = sigset_t()

  /// Blocks SIGTERM and SIGINT in this thread and those that it starts. pthread_sigmask(3)
  static func block() -> StopSignals {
    var result = StopSignals()
    unsafe sigemptyset(&result.signals)
    unsafe sigaddset(&result.signals, SIGTERM)
    unsafe sigaddset(&result.signals, SIGINT)
    unsafe pthread_sigmask(SIG_BLOCK, &result.signals, nil)
    return result
  }

  /// Lets the signals end the process, as they do by default. pthread_sigmask(3)
  mutating func unblock() {
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Waits for one of the signals. sigwait(3)
  mutating func wait() {
    var number: Int32 = 0
    while unsafe sigwait(&signals, &number) != 0 {}
  }
}
