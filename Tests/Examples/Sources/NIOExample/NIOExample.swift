import NIOCore
import NIOHTTP1
import NIOPosix
import StaticAssets
import StaticNIO

/// A server on bare SwiftNIO: files by the handler, 404 for all else.
///
/// Usage: NIOExample ROOT PORT [chunks]
@main
struct NIOExample {
  static func main() async throws {
    let arguments = CommandLine.arguments
    let assets = LiveTable(try FileTable(root: arguments[1]))
    // As a server with TLS has to.
    let sending: StaticAssetsHandler.FileSending = arguments.count > 3 ? .chunks : .regions
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.configureHTTPServerPipeline(withErrorHandling: false)
          try pipeline.addHandler(StaticAssetsHandler(assets, sendingFilesAs: sending))
          try pipeline.addHandler(App())
        }
      }
      .bind(host: "127.0.0.1", port: Int(arguments[2]) ?? 8080)
      .get()
    try await server.closeFuture.get()
  }
}
