internal import CLinux
internal import StaticCollector
internal import StaticServer

/// Threads beside those that answer requests.
enum BackgroundThread {
  /// Starts `body` on a thread of this name.
  ///
  /// - Parameters:
  ///   - name: at most 15 bytes.
  ///   - yields: whether the thread has a low priority, so that an app and requests get the
  ///     processors first.
  static func start(
    _ name: String,
    yields: Bool,
    _ body: @escaping @Sendable () -> Void
  ) throws {
    do throws(StaticServerError) {
      _ = try WorkerThread(name: name) {
        if yields { clinux_lower_priority() }
        body()
      }
    } catch {
      throw CommandFailure(.system, error.description)
    }
  }
}
