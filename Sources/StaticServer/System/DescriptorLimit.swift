internal import Glibc

/// The limit of open descriptors of this process. getrlimit(2)
public enum DescriptorLimit {
  /// Some containers have a limit of 2^30: tables of that size would not fit the memory.
  private static let ceiling: rlim_t = 1 << 20

  /// The soft limit, at most 1,048,576; 1024 if the system does not report it.
  public static var current: Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return 1024
    }
    return Int(min(limit.rlim_cur, ceiling))
  }

  /// The soft limit after `raise`, at most 1,048,576.
  package static var highest: Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return current
    }
    return Int(max(min(limit.rlim_cur, ceiling), min(limit.rlim_max, ceiling)))
  }

  /// The number of files that the server keeps open for sending: a quarter of `current`, at most
  /// 512.
  public static var openFilesMax: Int { openFilesMax(of: current) }

  private static func openFilesMax(of limit: Int) -> Int { min(512, limit / 4) }

  /// The number of connections that `current` allows.
  ///
  /// Descriptors for open files, listeners and files that are opened for one response are
  /// subtracted.
  public static var connectionsMax: Int { connectionsMax(of: current) }

  /// The number of connections that a limit of `limit` descriptors allows.
  package static func connectionsMax(of limit: Int) -> Int {
    max(1, limit - openFilesMax(of: limit) - min(256, limit / 8))
  }

  /// Raises the soft limit to the hard limit, at most 1,048,576. setrlimit(2)
  ///
  /// A failure leaves the limit as it was.
  public static func raise() {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return
    }
    limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, ceiling))
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
