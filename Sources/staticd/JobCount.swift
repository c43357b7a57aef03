/// The value of `--jobs`.
enum JobCount {
  /// `jobs`, nil for one for each processor.
  static func checked(_ jobs: Int?) throws -> Int? {
    guard let jobs else { return nil }
    guard (1...1024).contains(jobs) else {
      throw CommandFailure(.usage, "--jobs \(jobs): give a number from 1 to 1024")
    }
    return jobs
  }
}
