import FlyingFox
import StaticAssets

/// A server that there is no adapter for: the table is asked, and its answer handed on.
///
/// Usage: FlyingFoxExample ROOT PORT
@main
struct FlyingFoxExample {
  static func main() async throws {
    let arguments = CommandLine.arguments
    let files = StaticFiles(assets: LiveTable(try FileTable(root: arguments[1])))
    let server = HTTPServer(port: UInt16(arguments[2]) ?? 8080)
    await server.appendRoute("/static/*", to: files)
    try await server.run()
  }
}
