internal import CLinux
internal import StaticCollector
internal import StaticServer

/// Low-priority threads, which yield the processors to requests.
enum YieldingThread {
  /// Starts `body`; `name` has at most 15 bytes.
  static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws -> WorkerThread {
    do throws(StaticServerError) {
      return try WorkerThread(name: name) {
        clinux_lower_priority()
        body()
      }
    } catch {
      throw CommandFailure(.system, error.description)
    }
  }
}
