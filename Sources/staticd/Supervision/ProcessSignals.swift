internal import CLinux
internal import Glibc
internal import StaticAssets

/// The signals that the process handles, taken one after the other by the main thread.
///
/// They are blocked in every thread started after `block`, so that no code runs in a signal
/// handler.
struct ProcessSignals: ~Copyable {
  private let descriptor: Descriptor

  /// Blocks the signals in this thread and those that it starts, and ignores the signals of failed
  /// writes. signalfd(2)
  static func block(_ signals: [Int32]) throws -> ProcessSignals {
    ignoreClosedPipes()
    // If SIGCHLD was inherited as ignored, waitpid never returns the status of a child.
    signal(SIGCHLD, SIG_DFL)
    let result = unsafe clinux_signal_descriptor(signals, signals.count)
    guard result >= 0 else {
      let cause = FileError.text(of: Int32(-result))
      throw CommandFailure(.system, "no descriptor for signals: \(cause)")
    }
    return ProcessSignals(descriptor: Descriptor(owning: Int32(result)))
  }

  /// Unblocks all signals. pthread_sigmask(3)
  ///
  /// A thread that starts a program may have blocked all of them, and the program inherits the mask.
  static func unblockAll() {
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
  }

  /// Ignores SIGPIPE: if the reader of a pipe or socket is gone, the call fails with EPIPE instead.
  ///
  /// The app gets the default action; see `clinux_start`.
  private static func ignoreClosedPipes() { signal(SIGPIPE, SIG_IGN) }

  /// Ignores SIGXFSZ: if a file would exceed `ulimit -f`, the call fails with EFBIG instead.
  ///
  /// The app gets the default action; see `clinux_start`.
  static func ignoreFileSizeLimit() { signal(SIGXFSZ, SIG_IGN) }

  /// The name of a signal without SIG, such as HUP.
  static func name(_ signal: Int32) -> String {
    switch signal {
    case SIGHUP: "HUP"
    case SIGUSR1: "USR1"
    case SIGUSR2: "USR2"
    case SIGTTIN: "TTIN"
    case SIGTTOU: "TTOU"
    case SIGWINCH: "WINCH"
    default: "\(signal)"
    }
  }

  /// Leaves the signals that a server handles pending until `block` takes them: while a Django
  /// project is asked, HUP, USR1 and USR2 would end the process. pthread_sigmask(3)
  static func holdWhileStarting() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for signal in [SIGHUP, SIGUSR1, SIGUSR2] { unsafe sigaddset(&signals, signal) }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Unblocks SIGTERM and SIGINT, which then end the process. pthread_sigmask(3)
  func unblockStop() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for signal in [SIGTERM, SIGINT] { unsafe sigaddset(&signals, signal) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// A signal that was received.
  struct Signal {
    let number: Int32
    /// Whether it came from a key of the terminal, which signals a whole process group.
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

  /// The next pending signal; nil if there is none.
  func take() -> Signal? {
    var isFromKernel: Int32 = 0
    let number = unsafe clinux_take_signal_with_origin(descriptor.number, &isFromKernel)
    guard number > 0 else { return nil }
    return Signal(number: Int32(number), isFromTerminal: isFromKernel != 0)
  }
}
