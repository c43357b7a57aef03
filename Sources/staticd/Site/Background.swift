internal import CLinux
internal import Glibc
internal import StaticAssets
internal import StaticCollector
internal import StaticServer
internal import Synchronization

/// A computation on a thread of its own, whose end makes a descriptor readable: signals must not wait
/// for it.
final class Background<Value: Sendable>: Sendable {
  private let outcome = Mutex<Result<Value, CommandFailure>?>(nil)
  private let done: Descriptor

  /// Starts `body` on a thread with this name, which has at most 15 bytes.
  ///
  /// - Parameter yields: whether the thread yields the processors to an app and to requests.
  init(
    _ name: String,
    yields: Bool = false,
    _ body: @escaping @Sendable () throws -> Value
  ) throws {
    let number = clinux_eventfd()
    guard number >= 0 else {
      throw CommandFailure(.system, "eventfd: \(FileError.text(of: Int32(-number)))")
    }
    done = Descriptor(owning: Int32(number))
    try BackgroundThread.start(name, yields: yields) { [self] in
      finish(Self.result(of: body))
    }
  }

  /// The file descriptor that becomes readable at the end.
  var descriptor: Int32 { done.number }

  /// The value or the failure; nil until the end.
  func take() -> Result<Value, CommandFailure>? { outcome.withLock { $0 } }

  private func finish(_ result: Result<Value, CommandFailure>) {
    outcome.withLock { $0 = result }
    var one: UInt64 = 1
    _ = unsafe write(done.number, &one, MemoryLayout<UInt64>.size)
  }

  private static func result(of body: () throws -> Value) -> Result<Value, CommandFailure> {
    do {
      return .success(try body())
    } catch let failure as CommandFailure {
      return .failure(failure)
    } catch {
      return .failure(CommandFailure(.system, "\(error)"))
    }
  }
}
