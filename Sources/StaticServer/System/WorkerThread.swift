internal import CLinux
internal import Glibc
internal import Synchronization

/// A thread of this process that runs one function. pthread_create(3)
///
/// The thread continues when this object is released: it is then detached, and the system frees its
/// resources when it ends.
///
/// The unsafe part: `WorkerBody` is retained for the new thread, which first takes ownership of it.
/// The handle is used once, by pthread_join(3) or pthread_detach(3).
package final class WorkerThread: Sendable {
  private let handle: pthread_t
  private let isJoined = Atomic<Bool>(false)

  /// Starts a thread that runs `body`; `name` has at most 15 bytes.
  ///
  /// The thread blocks two signals, so that the calls return an error instead: SIGPIPE, because
  /// sendfile(2) has no MSG_NOSIGNAL, and SIGXFSZ, which pwrite(2) raises at RLIMIT_FSIZE.
  ///
  /// - Throws: `StaticServerError.system` when the thread cannot be created.
  package init(name: String, _ body: @escaping @Sendable () -> Void) throws(StaticServerError) {
    let box = unsafe Unmanaged.passRetained(WorkerBody(name: name, run: body))
    var handle = pthread_t()
    let result = unsafe pthread_create(
      &handle,
      nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let body = unsafe Unmanaged<WorkerBody>.fromOpaque(argument).takeRetainedValue()
        WorkerThread.blockSignals()
        unsafe clinux_name_thread(body.name)
        body.run()
        return nil
      },
      box.toOpaque()
    )
    guard result == 0 else {
      unsafe box.release()
      throw .system(call: "pthread_create", code: result)
    }
    self.handle = handle
  }

  /// Waits until the thread has ended. pthread_join(3)
  package func join() {
    guard !isJoined.exchange(true, ordering: .acquiringAndReleasing) else { return }
    pthread_join(handle, nil)
  }

  // pthread_detach(3)
  deinit {
    if !isJoined.load(ordering: .acquiring) { pthread_detach(handle) }
  }

  private static func blockSignals() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe sigaddset(&signals, SIGXFSZ)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  }
}

private final class WorkerBody: Sendable {
  let name: String
  let run: @Sendable () -> Void

  init(name: String, run: @escaping @Sendable () -> Void) {
    self.name = name
    self.run = run
  }
}
