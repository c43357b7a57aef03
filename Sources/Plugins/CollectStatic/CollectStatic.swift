import Foundation
import PackagePlugin

/// `swift package collect-static`: builds `staticd` and runs `staticd collect` in the package's
/// directory, with the options that follow.
///
/// The plugin does not depend on the executable: the dependencies of a plugin are built once more,
/// for the host, whenever its own package is built.
@main
struct CollectStatic: CommandPlugin {
  func performCommand(context: PluginContext, arguments: [String]) throws {
    let process = Process()
    process.executableURL = try executable()
    process.arguments = ["collect"] + arguments
    process.currentDirectoryURL = context.package.directoryURL
    try process.run()
    process.waitUntilExit()
    // staticd has printed its error message.
    guard process.terminationStatus == 0 else { exit(process.terminationStatus) }
  }

  private func executable() throws -> URL {
    let build = try packageManager.build(
      .product("staticd"),
      parameters: .init(configuration: .inherit)
    )
    guard build.succeeded else { throw CollectStaticError.build(build.logText) }
    let executable = build.builtArtifacts.first {
      $0.kind == .executable && $0.url.lastPathComponent == "staticd"
    }
    guard let executable else { throw CollectStaticError.build(build.logText) }
    return executable.url
  }
}

/// An error before the command starts.
enum CollectStaticError: Error, CustomStringConvertible {
  /// The executable cannot be built; the value is the build log.
  case build(String)

  var description: String {
    switch self {
    case .build(let log): "staticd cannot be built:\n\(log)"
    }
  }
}
