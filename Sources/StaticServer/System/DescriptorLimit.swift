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

  /// The limit that `raise` sets, at most a million.
  package static var highest: Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return current
    }
    return Int(max(min(limit.rlim_cur, ceiling), min(limit.rlim_max, ceiling)))
  }

  /// How many files may be kept open to be sent: connections need descriptors more than they do.
  public static var openFilesMax: Int { openFilesMax(of: current) }

  private static func openFilesMax(of limit: Int) -> Int { min(512, limit / 4) }

  /// How many connections that leaves room for, besides listeners and files that are opened for
  /// one response.
  public static var connectionsMax: Int { connectionsMax(of: current) }

  /// How many connections a limit of `limit` descriptors leaves room for.
  package static func connectionsMax(of limit: Int) -> Int {
    max(1, limit - openFilesMax(of: limit) - min(256, limit / 8))
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
