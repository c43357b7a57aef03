internal import CLinux
internal import StaticCollector
internal import StaticServer
internal import Synchronization

/// Low-priority threads, which yield the processors to a starting app and to requests.
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

  /// Runs `body` on such a thread and waits for it; returns its result or throws its error.
  static func run<Value: Sendable>(
    _ name: String,
    _ body: @escaping @Sendable () throws -> Value
  ) throws -> Value {
    let outcome = Outcome<Value>()
    try start(name) { outcome.set(Result { try body() }) }.join()
    return try outcome.value()
  }
}

/// The result of another thread, read after the thread has been joined.
private final class Outcome<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)

  func set(_ value: sending Result<Value, any Error>) {
    result.withLock { $0 = value }
  }

  func value() throws -> Value {
    guard let result = result.withLock({ $0 }) else {
      preconditionFailure("a joined thread has set its outcome")
    }
    return try result.get()
  }
}
