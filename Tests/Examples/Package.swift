// swift-tools-version:6.2

import PackageDescription

let settings: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

/// Servers that serve static files through the library: examples to read, which are also tested.
///
/// `scripts/internal/check-adapters` sends them the requests of staticd's own tests. The peers use
/// what the frameworks offer themselves, for `scripts/bench embed`.
///
/// A separate package, as an app would be; an app names staticd by its URL.
let package = Package(
  name: "Examples",
  dependencies: [
    .package(
      name: "staticd",
      path: "../..",
      traits: ["HTTPTypes", "Hummingbird", "NIO", "NIOHTTPTypes", "ServiceLifecycle"]
    ),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.0.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.0.0"),
    .package(url: "https://github.com/apple/swift-http-types.git", from: "1.0.0"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.80.0"),
    .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.24.0"),
    .package(url: "https://github.com/apple/swift-nio-http2.git", from: "1.30.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.26.0"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-metrics.git", from: "2.5.0"),
    .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.2.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.6.0"),
    .package(url: "https://github.com/swhitty/FlyingFox.git", from: "0.27.0"),
  ],
  targets: [
    .executableTarget(
      name: "HummingbirdExample",
      dependencies: [
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "StaticAssets", package: "staticd"),
        .product(name: "StaticHummingbird", package: "staticd"),
      ],
      swiftSettings: settings
    ),
    .executableTarget(
      name: "NIOExample",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "StaticAssets", package: "staticd"),
        .product(name: "StaticNIO", package: "staticd"),
      ],
      swiftSettings: settings
    ),
    .executableTarget(
      name: "NIOHTTP2Example",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "StaticAssets", package: "staticd"),
        .product(name: "StaticNIO", package: "staticd"),
      ],
      swiftSettings: settings
    ),
    .executableTarget(
      name: "NIOTLSExample",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "StaticAssets", package: "staticd"),
        .product(name: "StaticNIO", package: "staticd"),
      ],
      swiftSettings: settings
    ),
    .executableTarget(
      name: "NIOHTTPTypesExample",
      dependencies: [
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
        .product(name: "NIOHTTPTypesHTTP2", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "StaticAssets", package: "staticd"),
        .product(name: "StaticNIO", package: "staticd"),
      ],
      swiftSettings: settings
    ),
    .executableTarget(
      name: "HTTPTypesExample",
      dependencies: [
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "StaticAssets", package: "staticd"),
        .product(name: "StaticHTTPTypes", package: "staticd"),
      ],
      swiftSettings: settings
    ),
    .executableTarget(
      name: "ServerExample",
      dependencies: [
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "StaticAssets", package: "staticd"),
        .product(name: "StaticServer", package: "staticd"),
      ],
      swiftSettings: settings
    ),
    .executableTarget(
      name: "FlyingFoxExample",
      dependencies: [
        .product(name: "FlyingFox", package: "FlyingFox"),
        .product(name: "FlyingSocks", package: "FlyingFox"),
        .product(name: "StaticAssets", package: "staticd"),
      ],
      swiftSettings: settings
    ),
    .testTarget(
      name: "HummingbirdTests",
      dependencies: [
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "InMemoryLogging", package: "swift-log"),
        .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "MetricsTestKit", package: "swift-metrics"),
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "StaticAssets", package: "staticd"),
        .product(name: "StaticHummingbird", package: "staticd"),
        .product(name: "Tracing", package: "swift-distributed-tracing"),
      ],
      swiftSettings: settings
    ),
    .testTarget(
      name: "NIOTests",
      dependencies: [
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOTLS", package: "swift-nio"),
        .product(name: "StaticAssets", package: "staticd"),
        .product(name: "StaticHTTPTypes", package: "staticd"),
        .product(name: "StaticNIO", package: "staticd"),
      ],
      swiftSettings: settings
    ),
    .executableTarget(
      name: "NIOTLSRegions",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "StaticAssets", package: "staticd"),
        .product(name: "StaticNIO", package: "staticd"),
      ],
      path: "Checks/NIOTLSRegions",
      swiftSettings: settings
    ),
    .executableTarget(
      name: "HummingbirdPeer",
      dependencies: [.product(name: "Hummingbird", package: "hummingbird")],
      path: "Peers/HummingbirdPeer",
      swiftSettings: settings
    ),
    .executableTarget(
      name: "NIOPeer",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "Peers/NIOPeer",
      swiftSettings: settings
    ),
    .executableTarget(
      name: "FlyingFoxPeer",
      dependencies: [.product(name: "FlyingFox", package: "FlyingFox")],
      path: "Peers/FlyingFoxPeer",
      swiftSettings: settings
    ),
  ]
)
