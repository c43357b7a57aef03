internal import Glibc

/// The value of `--jobs`.
enum JobCount {
  /// `jobs`, or one for each processor.
  static func of(_ jobs: Int?) throws -> Int {
    let count = jobs ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    guard (1...1024).contains(count) else {
      throw CommandFailure(.usage, "--jobs \(count): give a number from 1 to 1024")
    }
    return count
  }
}
