internal import CLinux
internal import Glibc
internal import StaticAssets

/// The signals that ask something of the process, taken one after the other by the main thread.
///
/// Blocked in every thread that is started after `block`, so that no code runs inside a handler.
struct ProcessSignals: ~Copyable {
  private let descriptor: Descriptor

  /// Blocks the signals in this thread and those that it starts, and ignores those that report a
  /// failed write. signalfd(2)
  static func block(_ signals: [Int32]) throws -> ProcessSignals {
    ignoreFailedWrites()
    // If SIGCHLD was inherited as ignored, waitpid never returns the status of a child.
    signal(SIGCHLD, SIG_DFL)
    let result = unsafe clinux_signal_descriptor(signals, signals.count)
    guard result >= 0 else {
      let cause = FileError.text(of: Int32(-result))
      throw CommandFailure(.system, "no descriptor for signals: \(cause)")
    }
    return ProcessSignals(descriptor: Descriptor(owning: Int32(result)))
  }

  /// Blocks no signal, whatever this process was started with: a thread that starts a program may have
  /// blocked all of them, and the program inherits that. pthread_sigmask(3)
  static func unblockAll() {
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
  }

  /// Ignores SIGPIPE (the reader of a pipe or socket has gone) and SIGXFSZ (a file would exceed
  /// `ulimit -f`): the call reports EPIPE or EFBIG, and that is dealt with where it is made.
  ///
  /// A started app has them as they are by default; see `clinux_start`.
  private static func ignoreFailedWrites() {
    for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
  }

  /// Lets SIGTERM and SIGINT end the process, as they do by default. pthread_sigmask(3)
  func unblockStop() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for signal in [SIGTERM, SIGINT] { unsafe sigaddset(&signals, signal) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// One signal that came.
  struct Signal {
    let number: Int32
    /// Whether a key of the terminal was behind it, which signals a whole process group.
    let isFromTerminal: Bool
  }

  /// Waits at most `milliseconds` for a signal or for one of `others` to be readable; returns those
  /// that are. poll(2)
  func pause(milliseconds: Int, or others: [Int32] = []) -> [Int32] {
    let events = Int16(POLLIN)
    var polled = ([descriptor.number] + others).map { pollfd(fd: $0, events: events, revents: 0) }
    let count = unsafe poll(&polled, nfds_t(polled.count), Int32(clamping: milliseconds))
    guard count > 0 else { return [] }
    return polled.dropFirst().filter { $0.revents != 0 }.map(\.fd)
  }

  /// The next signal that has come; nil when there is none.
  func take() -> Signal? {
    var isFromKernel: Int32 = 0
    let number = unsafe clinux_take_signal_with_origin(descriptor.number, &isFromKernel)
    guard number > 0 else { return nil }
    return Signal(number: Int32(number), isFromTerminal: isFromKernel != 0)
  }
}
