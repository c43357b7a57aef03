import Benchmark

// One step of answering or collecting each, in nanoseconds; read by `scripts/bench micro`.
let benchmarks: @Sendable () -> Void = {
  // Each sample is a thousand rounds: the clock alone costs as much as one.
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock],
    warmupIterations: 20,
    scalingFactor: .kilo,
    maxDuration: .seconds(2),
    maxIterations: 1000
  )
  addRequestBenchmarks()
  addScannerBenchmarks()
}
