import Hummingbird

/// Hummingbird without staticd, for `scripts/bench embed`: with its own FileMiddleware, or with a
/// constant response, the upper limit of its speed.
///
/// Usage: HummingbirdPeer ROOT PORT files|constant
@main
struct HummingbirdPeer {
  static func main() async throws {
    let arguments = CommandLine.arguments
    let router = Router()
    if arguments[3] == "files" {
      router.middlewares.add(FileMiddleware(arguments[1], urlBasePath: "/static"))
    } else {
      let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1024)
      router.get("/constant") { _, _ in
        Response(status: .ok, headers: [.contentType: "text/css"], body: .init(byteBuffer: body))
      }
    }
    let address = BindAddress.hostname("127.0.0.1", port: Int(arguments[2]) ?? 8080)
    let app = Application(router: router, configuration: .init(address: address))
    try await app.runService()
  }
}
