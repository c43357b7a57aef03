import FlyingFox
import StaticAssets

/// A server for a framework without an adapter: it passes the table's response on.
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
