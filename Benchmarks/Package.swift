// swift-tools-version:6.2

import Foundation
import PackageDescription

/// The identity of the package that is measured: what it has for itself alone is measured, too.
let identity = URL(filePath: Context.packageDirectory).deletingLastPathComponent().lastPathComponent
  .lowercased()

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
      packageAccess: false,
      swiftSettings: [
        .swiftLanguageMode(.v6), .treatAllWarnings(as: .error),
        .unsafeFlags(["-package-name", identity]),
      ],
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    )
  ]
)
