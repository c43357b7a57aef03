internal import StaticAssets

/// How many files are worked on at a time.
enum JobCount {
  /// One for each processor.
  static var ofProcessors: Int { Processors.count }

  /// The number that was asked for, or that of the processors.
  static func of(_ jobs: Int?) throws(CollectError) -> Int {
    guard let jobs else { return ofProcessors }
    guard jobs > 0 else { throw .usage("\(jobs) jobs at a time: at least one is needed") }
    return jobs
  }
}
