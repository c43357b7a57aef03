internal import Glibc
internal import StaticServer
internal import Synchronization

/// Notifies the service manager that the event loops are running, on a thread of its own: the main
/// thread may read files for a long time.
///
/// If a loop is stuck, nothing is sent, and the manager ends the process.
final class Watchdog: Sendable {
  private let isStopped = Atomic<Bool>(false)

  /// Starts the thread, which runs until `stop`; nil without a watchdog.
  static func start(_ manager: ServiceManager, _ server: StaticServer) throws -> Watchdog? {
    guard let microseconds = manager.watchdogMicroseconds else { return nil }
    let watchdog = Watchdog()
    let pulse = manager.pulse
    do throws(StaticServerError) {
      _ = try WorkerThread(name: "staticd-pulse") { [watchdog] in
        // sd_watchdog_enabled(3) recommends half of the time-out.
        watchdog.run(every: microseconds / 2, server, pulse)
      }
    } catch {
      throw CommandFailure(.system, error.description)
    }
    return watchdog
  }

  /// Stops the notifications.
  func stop() { isStopped.store(true, ordering: .releasing) }

  private func run(every period: Int64, _ server: StaticServer, _ pulse: () -> Void) {
    // Check for the pulse every tenth of the period, so that it is noticed soon.
    let step = UInt32(clamping: min(max(period / 10, 100), 50_000))
    while !isStopped.load(ordering: .acquiring) {
      server.askPulse()
      while !server.hasPulse { usleep(step) }
      guard !isStopped.load(ordering: .acquiring) else { return }
      pulse()
      sleep(microseconds: period)
    }
  }

  /// usleep(3) may refuse a second or more.
  private func sleep(microseconds: Int64) {
    var left = microseconds
    while left > 0 {
      let part = min(left, 500_000)
      usleep(UInt32(part))
      left -= part
    }
  }
}
