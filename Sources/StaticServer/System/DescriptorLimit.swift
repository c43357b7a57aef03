internal import Glibc

/// How many descriptors this process may have. getrlimit(2)
public enum DescriptorLimit {
  /// More than any machine accepts connections for; keeps the tables in bounds where the limit is
  /// absurdly high, as in some containers.
  private static let ceiling: rlim_t = 1 << 20

  /// The limit in force, at most a million.
  public static var current: Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return 1024
    }
    return Int(min(limit.rlim_cur, ceiling))
  }

  /// Raises the limit to what the system lets this process have.
  public static func raise() {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return
    }
    limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, ceiling))
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
