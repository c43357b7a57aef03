import Benchmark

// The single steps of serving and collecting, in nanoseconds; read by `scripts/bench micro`.
let benchmarks: @Sendable () -> Void = {
  // Each sample is a thousand rounds: reading the clock costs as much as one round.
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
