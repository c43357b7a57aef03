internal import StaticAssets

/// The number of files that are processed at a time.
enum JobCount {
  /// One per processor.
  static var ofProcessors: Int { Processors.count }

  /// The requested number, or else one per processor.
  static func of(_ jobs: Int?) throws(CollectError) -> Int {
    guard let jobs else { return ofProcessors }
    guard jobs > 0 else { throw .usage("\(jobs) jobs at a time: at least one is needed") }
    return jobs
  }
}
