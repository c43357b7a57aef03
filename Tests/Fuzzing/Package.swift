// swift-tools-version:6.2

import PackageDescription

/// libFuzzer defines `main`, so no file here may be treated as a script.
let fuzzing: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .unsafeFlags(["-parse-as-library"]),
]

/// Fuzz targets, one executable each; `scripts/internal/fuzz` builds and runs them.
///
/// A separate package, hidden from users of the library. A target is named after its subject with
/// the suffix `Fuzzer`, and has its seeds in `Seeds`, one a line.
let package = Package(
  name: "Fuzzing",
  dependencies: [
    .package(name: "staticd", path: "../..")
  ],
  targets: [
    .target(name: "FuzzSupport", swiftSettings: fuzzing),
    fuzzer("RequestHead"),
    fuzzer("RequestTarget"),
    fuzzer("UpstreamResponse", libraries: ["StaticAssets", "StaticServer"]),
    fuzzer("AcceptEncoding"),
    fuzzer("AvailableDictionary"),
    fuzzer("ByteRanges"),
    fuzzer("Content"),
    fuzzer("EntityTag"),
    fuzzer("HTTPDate"),
    fuzzer("Manifest", libraries: ["StaticAssets", "StaticCollector"]),
    fuzzer("Redirects"),
    fuzzer("References", libraries: ["StaticCollector"]),
    // Not a fuzz target: used by `scripts/internal/check-scaling`.
    .executableTarget(
      name: "Scaling",
      dependencies: [.product(name: "StaticCollector", package: "staticd")],
      swiftSettings: fuzzing
    ),
  ]
)

func fuzzer(_ name: String, libraries: [String] = ["StaticAssets"]) -> Target {
  .executableTarget(
    name: "\(name)Fuzzer",
    dependencies: ["FuzzSupport"] + libraries.map { .product(name: $0, package: "staticd") },
    path: "Sources/\(name)",
    swiftSettings: fuzzing
  )
}
