#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Operations that differ between Linux and Darwin.
///
/// Built and tested on Linux with glibc only, not on Darwin or musl.
enum Platform {
  /// Requests large pages for memory, where the system supports them. madvise(2)
  static func useHugePages(_ start: UnsafeMutableRawPointer, byteCount: Int) {
    #if os(Linux)
      _ = unsafe madvise(start, byteCount, MADV_HUGEPAGE)
    #endif
  }

  /// Writes the path of an open file, without symbolic links, to `target`, which must hold PATH_MAX
  /// bytes.
  ///
  /// - Returns: the length; 0 or less when the system does not provide the path, PATH_MAX when it
  ///   may be truncated.
  static func path(of descriptor: Int32, into target: UnsafeMutableBufferPointer<CChar>) -> Int {
    guard let start = target.baseAddress else { return 0 }
    #if os(Linux)
      return unsafe readlink("/proc/self/fd/\(descriptor)", start, target.count)
    #else
      return unsafe fcntl(descriptor, F_GETPATH, start) == 0 ? strlen(start) : 0
    #endif
  }

  /// The times of the last change of a file's content, and of the last change of its status.
  static func times(of status: stat) -> (modified: timespec, changed: timespec) {
    #if canImport(Darwin)
      (status.st_mtimespec, status.st_ctimespec)
    #else
      (status.st_mtim, status.st_ctim)
    #endif
  }

  /// Starts a thread that runs `body` once and releases it; nil when the system cannot start one.
  /// pthread_create(3)
  static func startThread(_ body: ThreadBody) -> pthread_t? {
    // Released by the new thread.
    let retained = unsafe Unmanaged.passRetained(body)
    #if canImport(Darwin)
      var handle: pthread_t?
    #else
      var handle = pthread_t()
    #endif
    let result = unsafe pthread_create(
      &handle,
      nil,
      { argument in
        // Darwin's argument is not optional.
        let body: UnsafeMutableRawPointer? = unsafe argument
        guard let body = unsafe body else { return nil }
        unsafe Unmanaged<ThreadBody>.fromOpaque(body).takeRetainedValue().run()
        return nil
      },
      retained.toOpaque()
    )
    guard result == 0 else {
      unsafe retained.release()
      return nil
    }
    return handle
  }
}

/// The function that a thread runs.
///
/// The caller that starts the thread guarantees that `run` may execute concurrently.
final class ThreadBody: @unchecked Sendable {
  let run: () -> Void

  init(run: @escaping () -> Void) {
    self.run = run
  }
}
