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

/// Tests use public interfaces and call the system directly: their pointers are not marked.
let testing: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
  name: "staticd",
  // Built and tested on Linux with glibc. The libraries that do not need Linux are written for
  // macOS too, but are not built there.
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "StaticAssets", targets: ["StaticAssets"]),
    .library(name: "StaticServer", targets: ["StaticServer"]),
    .library(name: "StaticCollector", targets: ["StaticCollector"]),
    .library(name: "StaticHummingbird", targets: ["StaticHummingbird"]),
    .library(name: "StaticHTTPTypes", targets: ["StaticHTTPTypes"]),
    .library(name: "StaticNIO", targets: ["StaticNIO"]),
    .executable(name: "staticd", targets: ["staticd"]),
    .plugin(name: "CollectStatic", targets: ["CollectStatic"]),
  ],
  // No trait is enabled by default, so their dependencies are fetched only by packages that enable
  // them.
  traits: [
    .trait(
      name: "Hummingbird",
      description: "StaticHummingbird: middleware for Hummingbird, and URLs for swift-mustache."
    ),
    .trait(
      name: "HTTPTypes",
      description: "StaticHTTPTypes: for every framework that uses swift-http-types."
    ),
    .trait(name: "NIO", description: "StaticNIO: channel handlers for SwiftNIO."),
    .trait(
      name: "NIOHTTPTypes",
      description: "StaticNIO: handlers for the parts of swift-nio-extras, too.",
      enabledTraits: ["HTTPTypes", "NIO"]
    ),
    .trait(
      name: "ServiceLifecycle",
      description: "StaticServerService: StaticServer as a service of swift-service-lifecycle."
    ),
  ],
  dependencies: [
    // The frameworks with an adapter.
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.0.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.0.0"),
    .package(url: "https://github.com/apple/swift-http-types.git", from: "1.0.0"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.80.0"),
    .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.24.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.6.0"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-metrics.git", from: "2.5.0"),
    .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.2.0"),
  ],
  targets: [
    .target(name: "CLinux"),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CBrotli", providers: [.apt(["libbrotli-dev"])]),
    .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSSL", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CExpat", providers: [.apt(["libexpat1-dev"])]),
    .target(name: "StaticAssets", swiftSettings: strict),
    .target(
      name: "StaticServer",
      dependencies: [
        "CLinux", "StaticAssets",
        .product(
          name: "ServiceLifecycle",
          package: "swift-service-lifecycle",
          condition: .when(traits: ["ServiceLifecycle"])
        ),
        .product(
          name: "Logging",
          package: "swift-log",
          condition: .when(traits: ["ServiceLifecycle"])
        ),
      ],
      swiftSettings: strict
    ),
    .target(
      name: "StaticCollector",
      dependencies: ["CBrotli", "CCrypto", "CLinux", "CZlib", "CZstd", "StaticAssets"],
      swiftSettings: strict
    ),
    // Used by the command alone: no library product contains it.
    .target(
      name: "StaticPublisher",
      dependencies: ["CExpat", "CLinux", "CSSL", "StaticAssets", "StaticCollector"],
      swiftSettings: strict
    ),
    .target(
      name: "StaticHummingbird",
      dependencies: [
        "StaticAssets",
        .product(
          name: "Hummingbird",
          package: "hummingbird",
          condition: .when(traits: ["Hummingbird"])
        ),
        .product(
          name: "Mustache",
          package: "swift-mustache",
          condition: .when(traits: ["Hummingbird"])
        ),
        .product(
          name: "HTTPTypes",
          package: "swift-http-types",
          condition: .when(traits: ["Hummingbird"])
        ),
        .product(
          name: "NIOCore",
          package: "swift-nio",
          condition: .when(traits: ["Hummingbird"])
        ),
        .product(
          name: "NIOPosix",
          package: "swift-nio",
          condition: .when(traits: ["Hummingbird"])
        ),
        .product(
          name: "Logging",
          package: "swift-log",
          condition: .when(traits: ["Hummingbird"])
        ),
        .product(
          name: "CoreMetrics",
          package: "swift-metrics",
          condition: .when(traits: ["Hummingbird"])
        ),
        .product(
          name: "Tracing",
          package: "swift-distributed-tracing",
          condition: .when(traits: ["Hummingbird"])
        ),
        .product(
          name: "ServiceLifecycle",
          package: "swift-service-lifecycle",
          condition: .when(traits: ["Hummingbird"])
        ),
      ],
      swiftSettings: strict
    ),
    .target(
      name: "StaticHTTPTypes",
      dependencies: [
        "StaticAssets",
        .product(
          name: "HTTPTypes",
          package: "swift-http-types",
          condition: .when(traits: ["HTTPTypes"])
        ),
      ],
      swiftSettings: strict
    ),
    .target(
      name: "StaticNIO",
      dependencies: [
        "CLinux", "StaticAssets", "StaticHTTPTypes",
        .product(
          name: "HTTPTypes",
          package: "swift-http-types",
          condition: .when(traits: ["NIOHTTPTypes"])
        ),
        .product(name: "NIOCore", package: "swift-nio", condition: .when(traits: ["NIO"])),
        .product(name: "NIOHTTP1", package: "swift-nio", condition: .when(traits: ["NIO"])),
        .product(name: "NIOPosix", package: "swift-nio", condition: .when(traits: ["NIO"])),
        .product(name: "NIOTLS", package: "swift-nio", condition: .when(traits: ["NIO"])),
        .product(
          name: "NIOHTTPTypes",
          package: "swift-nio-extras",
          condition: .when(traits: ["NIOHTTPTypes"])
        ),
      ],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "staticd",
      dependencies: [
        "CLinux", "StaticAssets", "StaticCollector", "StaticPublisher", "StaticServer",
      ],
      swiftSettings: strict
    ),
    .plugin(
      name: "CollectStatic",
      capability: .command(
        intent: .custom(
          verb: "collect-static",
          description: "Collect static files into one directory, named by content and compressed."
        ),
        permissions: [
          .writeToPackageDirectory(reason: "It writes the directory that --root names.")
        ]
      ),
      path: "Sources/Plugins/CollectStatic"
    ),

    // Test support: temporary directories, processes, sockets, counts of allocations and of
    // connection attempts.
    .target(
      name: "CAllocations",
      path: "Tests/CAllocations"
    ),
    .target(
      name: "CConnects",
      path: "Tests/CConnects"
    ),
    .target(
      name: "CDescriptors",
      path: "Tests/CDescriptors"
    ),
    .target(
      name: "TestSupport",
      dependencies: ["StaticAssets"],
      path: "Tests/Support",
      exclude: ["Store"],
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
      name: "StaticPublisherTests",
      dependencies: ["StaticAssets", "StaticCollector", "StaticPublisher", "TestSupport"],
      resources: [.copy("Vectors")],
      swiftSettings: testing
    ),
    .testTarget(
      name: "StaticServerTests",
      dependencies: [
        "CAllocations", "CConnects", "CDescriptors", "StaticAssets", "StaticServer", "TestSupport",
      ],
      swiftSettings: testing
    ),
    .testTarget(
      name: "StaticdTests",
      dependencies: ["StaticServer", "staticd"],
      swiftSettings: testing
    ),
    .testTarget(
      name: "IntegrationTests",
      dependencies: ["CDescriptors", "TestSupport", "staticd"],
      path: "Tests/Integration",
      exclude: ["Faults", "Project", "Site", "Soak"],
      swiftSettings: testing
    ),
  ]
)
