// swift-tools-version:6.2

import PackageDescription

/// Settings of every Swift target: a warning is an error, memory-unsafe expressions are marked.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Tests go through public interfaces and call the system on the way: their pointers are not marked.
let testing: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
  name: "staticd",
  products: [
    .library(name: "StaticAssets", targets: ["StaticAssets"]),
    .library(name: "StaticServer", targets: ["StaticServer"]),
    .library(name: "StaticCollector", targets: ["StaticCollector"]),
    .executable(name: "staticd", targets: ["staticd"]),
  ],
  traits: [
    .trait(name: "Collector", description: "StaticCollector and the packages it hashes with."),
    .trait(
      name: "Tool",
      description: "The staticd executable and the packages it is made of.",
      enabledTraits: ["Collector"]
    ),
    .default(enabledTraits: ["Tool"]),
  ],
  dependencies: [
    // MD5, SHA-256 and SHA-384 for the collector.
    .package(url: "https://github.com/apple/swift-crypto.git", from: "4.0.0"),
    // The command line of the executable.
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.5.0"),
    // The configuration file.
    .package(url: "https://github.com/LebJe/TOMLKit.git", from: "0.6.0"),
  ],
  targets: [
    .target(name: "CLinux"),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CBrotli", providers: [.apt(["libbrotli-dev"])]),
    .target(name: "StaticAssets", swiftSettings: strict),
    .target(
      name: "StaticServer",
      dependencies: ["CLinux", "StaticAssets"],
      swiftSettings: strict
    ),
    .target(
      name: "StaticCollector",
      dependencies: [
        "CBrotli", "CLinux", "CZlib", "StaticAssets",
        .product(
          name: "Crypto",
          package: "swift-crypto",
          condition: .when(traits: ["Collector"])
        ),
      ],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "staticd",
      dependencies: [
        "CLinux", "StaticAssets", "StaticCollector", "StaticServer",
        .product(
          name: "ArgumentParser",
          package: "swift-argument-parser",
          condition: .when(traits: ["Tool"])
        ),
        .product(name: "TOMLKit", package: "TOMLKit", condition: .when(traits: ["Tool"])),
      ],
      swiftSettings: strict
    ),

    // What the tests need: temporary directories, processes, sockets, a count of allocations.
    .target(
      name: "CAllocations",
      path: "Tests/CAllocations"
    ),
    .target(
      name: "TestSupport",
      dependencies: ["StaticAssets"],
      path: "Tests/Support",
      swiftSettings: testing
    ),
    // The clauses of RFC 9110 and RFC 9112 as a table that runs against any server.
    .target(
      name: "Conformance",
      path: "Tests/Conformance",
      swiftSettings: testing
    ),
    .executableTarget(
      name: "ConformanceTool",
      dependencies: ["Conformance"],
      path: "Tests/ConformanceTool",
      swiftSettings: testing
    ),
    .testTarget(
      name: "ConformanceTests",
      dependencies: ["Conformance", "StaticAssets", "StaticServer", "TestSupport"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "StaticAssetsTests",
      dependencies: ["CAllocations", "StaticAssets", "TestSupport"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "StaticCollectorTests",
      dependencies: ["StaticAssets", "StaticCollector", "TestSupport"],
      resources: [.copy("Vectors")],
      swiftSettings: testing
    ),
    .testTarget(
      name: "StaticServerTests",
      dependencies: ["CAllocations", "StaticAssets", "StaticServer", "TestSupport"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "IntegrationTests",
      dependencies: ["TestSupport", "staticd"],
      path: "Tests/Integration",
      exclude: ["Faults", "Site"],
      swiftSettings: testing
    ),
  ]
)
