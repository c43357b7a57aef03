/// The times of responses, as a histogram with fixed buckets.
package enum Latency {
  /// The source of the response.
  package enum Responder: Int, CaseIterable, Sendable {
    /// The table of files; from the start of the wake to the last byte accepted by the kernel.
    case files
    /// The app; from the request's head to the last byte accepted by the kernel.
    case app
  }

  /// The upper bounds of the buckets but the last, in nanoseconds.
  package static let bounds: [Int64] = [
    100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000,
    100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000,
    10_000_000_000,
  ]

  /// The number of buckets, the one without an upper bound included.
  static let bucketCount = 17

  /// The index of the bucket for a response that took `nanoseconds`.
  ///
  /// One comparison per bucket: an array of bounds would count references on the request path.
  @inline(always)
  static func bucket(of nanoseconds: Int64) -> Int {
    nanoseconds <= 100_000 ? 0 : slowBucket(of: nanoseconds)
  }

  @inline(never)
  private static func slowBucket(of nanoseconds: Int64) -> Int {
    switch nanoseconds {
    case ...250_000: 1
    case ...500_000: 2
    case ...1_000_000: 3
    case ...2_500_000: 4
    case ...5_000_000: 5
    case ...10_000_000: 6
    case ...25_000_000: 7
    case ...50_000_000: 8
    case ...100_000_000: 9
    case ...250_000_000: 10
    case ...500_000_000: 11
    case ...1_000_000_000: 12
    case ...2_500_000_000: 13
    case ...5_000_000_000: 14
    case ...10_000_000_000: 15
    default: 16
    }
  }
}
