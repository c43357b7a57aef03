#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// What Linux and Darwin do in different ways.
///
/// Linux with glibc is what is built and tested; nobody builds it for Darwin or musl here.
enum Platform {
  /// Asks the kernel to back memory with large pages, where it can. madvise(2)
  static func useHugePages(_ start: UnsafeMutableRawPointer, byteCount: Int) {
    #if os(Linux)
      _ = unsafe madvise(start, byteCount, MADV_HUGEPAGE)
    #endif
  }

  /// Writes the path of an open file, without links, to `target`, which has room for PATH_MAX bytes.
  ///
  /// - Returns: the length; 0 or less when the system does not tell, PATH_MAX when there may be more.
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

  /// Starts a thread that runs `body` once and drops it; nil when the system cannot start one.
  /// pthread_create(3)
  static func startThread(_ body: ThreadBody) -> pthread_t? {
    // The new thread releases it.
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
        // Darwin's is no optional.
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

/// What a thread runs.
///
/// Whoever starts one guarantees that `run` may run beside what else goes on.
final class ThreadBody: @unchecked Sendable {
  let run: () -> Void

  init(run: @escaping () -> Void) {
    self.run = run
  }
}
