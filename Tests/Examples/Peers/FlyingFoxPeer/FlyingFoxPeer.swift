import FlyingFox
import Foundation

/// FlyingFox without staticd, for `scripts/bench embed`: with its own DirectoryHTTPHandler, or with
/// a constant response, the upper limit of its speed.
///
/// Usage: FlyingFoxPeer ROOT PORT files|constant
@main
struct FlyingFoxPeer {
  static func main() async throws {
    let arguments = CommandLine.arguments
    let server = HTTPServer(port: UInt16(arguments[2]) ?? 8080)
    if arguments[3] == "files" {
      let root = URL(fileURLWithPath: arguments[1])
      await server.appendRoute(
        "/static/*",
        to: DirectoryHTTPHandler(root: root, serverPath: "/static/")
      )
    } else {
      let body = Data(repeating: UInt8(ascii: "x"), count: 1024)
      await server.appendRoute("/constant") { _ in
        HTTPResponse(statusCode: .ok, headers: [.contentType: "text/css"], body: body)
      }
    }
    try await server.run()
  }
}
