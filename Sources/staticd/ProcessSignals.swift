internal import Glibc

/// The signals that ask something of the process, taken one after the other by the main thread.
///
/// Blocked in every thread that is started after `block`, so that no code runs inside a handler.
struct ProcessSignals {
  /// What a signal asks.
  enum Request {
    /// SIGTERM, SIGINT: finish and end.
    case stop
    /// SIGHUP: read files and configuration again.
    case reload
  }

  private var signals = sigset_t()

  /// Blocks the signals in this thread and those that it starts. pthread_sigmask(3)
  static func block() -> ProcessSignals {
    var result = ProcessSignals()
    unsafe sigemptyset(&result.signals)
    for signal in [SIGTERM, SIGINT, SIGHUP] { unsafe sigaddset(&result.signals, signal) }
    unsafe pthread_sigmask(SIG_BLOCK, &result.signals, nil)
    return result
  }

  /// Lets SIGTERM and SIGINT end the process, as they do by default. pthread_sigmask(3)
  func unblockStop() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for signal in [SIGTERM, SIGINT] { unsafe sigaddset(&signals, signal) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Waits for one of the signals, at most `seconds`; nil when none came. sigtimedwait(2)
  mutating func wait(seconds: Int) -> Request? {
    var timeout = timespec(tv_sec: seconds, tv_nsec: 0)
    switch unsafe sigtimedwait(&signals, nil, &timeout) {
    case SIGTERM, SIGINT: return .stop
    case SIGHUP: return .reload
    default: return nil
    }
  }
}
