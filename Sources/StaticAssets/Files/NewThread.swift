#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Threads of this process.
package enum NewThread {
  /// Runs `body` on a new thread; the caller joins or detaches it. pthread_create(3)
  ///
  /// - Returns: nil when the system cannot start one.
  static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
    Platform.startThread(ThreadBody(run: body))
  }

  /// Runs `body` on a new, detached thread; returns whether the system could start one.
  package static func detach(_ body: @escaping @Sendable () -> Void) -> Bool {
    guard let thread = start(body) else { return false }
    pthread_detach(thread)
    return true
  }

  /// A number that differs between threads, for distributing them over slots.
  static var own: UInt {
    #if canImport(Darwin)
      unsafe UInt(bitPattern: pthread_self())
    #else
      UInt(pthread_self())
    #endif
  }
}
