import Testing

@testable import StaticServer

/// The buckets of the histograms.
@Suite struct LatencyTests {
  @Test("a time is in the first bucket whose limit it does not exceed")
  func buckets() {
    #expect(Latency.bounds.count + 1 == Latency.bucketCount)
    #expect(Latency.bounds == Latency.bounds.sorted())
    for (index, bound) in Latency.bounds.enumerated() {
      #expect(Latency.bucket(of: bound - 1) == index)
      #expect(Latency.bucket(of: bound) == index)
      #expect(Latency.bucket(of: bound + 1) == index + 1)
    }
    #expect(Latency.bucket(of: 0) == 0)
    #expect(Latency.bucket(of: .max) == Latency.bucketCount - 1)
  }

  @Test("counters of all kinds have distinct indices")
  func places() {
    let counters = Counters()
    unsafe counters.adder.add(.bytesSaved, 7)
    unsafe counters.adder.add(FailureReason.malformedChunks)
    unsafe counters.adder.add(Latency.Responder.files, nanoseconds: .max / 2)
    unsafe counters.adder.add(Latency.Responder.app, nanoseconds: 5)
    #expect(counters.value(of: .bytesSaved) == 7)
    #expect(Counter.allCases.reduce(0) { $0 + counters.value(of: $1) } == 7)
    #expect(FailureReason.allCases.reduce(0) { $0 + counters.value(of: $1) } == 1)
    #expect(counters.value(of: .malformedChunks) == 1)
    #expect(counters.value(of: .files, bucket: Latency.bucketCount - 1) == 1)
    #expect(counters.nanoseconds(of: .files) == UInt64(Int64.max / 2))
    #expect(counters.value(of: .app, bucket: 0) == 1)
    #expect(counters.nanoseconds(of: .app) == 5)
  }
}
