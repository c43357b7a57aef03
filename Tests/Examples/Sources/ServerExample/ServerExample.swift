import Logging
import ServiceLifecycle
import StaticAssets
import StaticServer

/// The server of staticd as a service of an app: files from the table, all else from a function.
///
/// Usage: ServerExample ROOT PORT
@main
struct ServerExample {
  static func main() async throws {
    let arguments = CommandLine.arguments
    let assets = try LiveTable(root: arguments[1])
    let port = UInt16(arguments[2]) ?? 8080
    var configuration = StaticServer.Configuration(listeners: [.ipv4(0x7F00_0001, port: port)])
    configuration.handler = HandlerConfiguration { request in
      switch request.path {
      case "/":
        let style = assets.url(for: "app.css") ?? ""
        return HandlerResponse(html: "<!doctype html><link rel=\"stylesheet\" href=\"\(style)\">")
      case "/echo":
        return HandlerResponse(
          body: .stream(byteCount: request.content.byteCount) { writer in
            for try await piece in request.content { try await writer.write(piece) }
          }
        )
      default: return HandlerResponse(status: 404, text: "Not Found\n")
      }
    }
    let logger = Logger(label: "example")
    let files = StaticServerService(assets: assets, configuration: configuration, logger: logger)
    let group = ServiceGroup(
      services: [files],
      gracefulShutdownSignals: [.sigterm],
      logger: logger
    )
    try await group.run()
  }
}
