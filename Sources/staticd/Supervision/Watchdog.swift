internal import Glibc
internal import StaticServer
internal import Synchronization

/// Tells the service manager that the event loops turn: on a thread of its own, for the main thread may
/// read files for a long time.
///
/// A loop that is stuck gives no sign of life; then nothing is told, and the manager ends the process.
final class Watchdog: Sendable {
  private let isStopped = Atomic<Bool>(false)

  /// Starts the thread, which lives as long as the process; nil where nobody waits for a sign of life.
  static func start(_ manager: ServiceManager, _ server: StaticServer) throws -> Watchdog? {
    guard let microseconds = manager.watchdogMicroseconds else { return nil }
    let watchdog = Watchdog()
    let pulse = manager.pulse
    do throws(StaticServerError) {
      _ = try WorkerThread(name: "staticd-pulse") { [watchdog] in
        // sd_watchdog_enabled(3) asks for half of the time.
        watchdog.run(every: microseconds / 2, server, pulse)
      }
    } catch {
      throw CommandFailure(.system, error.description)
    }
    return watchdog
  }

  /// Tells nothing any more.
  func stop() { isStopped.store(true, ordering: .releasing) }

  private func run(every period: Int64, _ server: StaticServer, _ pulse: () -> Void) {
    // Of the period, at most a tenth passes between a sign of life and the look at it.
    let step = UInt32(clamping: min(max(period / 10, 100), 50_000))
    while !isStopped.load(ordering: .acquiring) {
      server.askPulse()
      while !server.hasPulse { usleep(step) }
      guard !isStopped.load(ordering: .acquiring) else { return }
      pulse()
      sleep(microseconds: period)
    }
  }

  /// usleep(3) takes less than a second for certain.
  private func sleep(microseconds: Int64) {
    var left = microseconds
    while left > 0 {
      let part = min(left, 500_000)
      usleep(UInt32(part))
      left -= part
    }
  }
}
