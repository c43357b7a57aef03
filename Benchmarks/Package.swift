// swift-tools-version:6.2

import PackageDescription

// A package of its own, so that whoever builds staticd does not fetch what measures it.
let package = Package(
  name: "Benchmarks",
  dependencies: [
    .package(name: "staticd", path: ".."),
    // Its counts of allocations need a preloaded library and are not used.
    .package(url: "https://github.com/ordo-one/benchmark.git", from: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "Micro",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "StaticAssets", package: "staticd"),
        .product(name: "StaticCollector", package: "staticd"),
      ],
      path: "Micro",
      swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)],
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    )
  ]
)
