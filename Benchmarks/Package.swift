// swift-tools-version:6.2

import Foundation
import PackageDescription

/// The identity of the measured package: with it as package name, `package` declarations can be
/// measured.
let identity = URL(filePath: Context.packageDirectory).deletingLastPathComponent().lastPathComponent
  .lowercased()

// A separate package, so that building staticd does not fetch the benchmark dependencies.
let package = Package(
  name: "Benchmarks",
  dependencies: [
    .package(name: "staticd", path: ".."),
    // Counting allocations would need a preloaded library and is not used.
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
      packageAccess: false,
      swiftSettings: [
        .swiftLanguageMode(.v6), .treatAllWarnings(as: .error),
        .unsafeFlags(["-package-name", identity]),
      ],
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    )
  ]
)
