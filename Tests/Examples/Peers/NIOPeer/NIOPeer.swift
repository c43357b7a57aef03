import NIOCore
import NIOHTTP1
import NIOPosix

/// SwiftNIO without us, for `scripts/bench embed`: with a handler that sends files as NIO offers it
/// (opened and sent as a region, or read in chunks), or with a constant answer, which is as fast as
/// it can be.
///
/// Usage: NIOPeer ROOT PORT files|chunks|constant
@main
struct NIOPeer {
  static func main() async throws {
    let arguments = CommandLine.arguments
    let (root, kind) = (arguments[1], arguments[3])
    let files = NonBlockingFileIO(threadPool: .singleton)
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.configureHTTPServerPipeline()
          if kind == "constant" {
            try pipeline.addHandler(ConstantHandler())
          } else {
            try pipeline.addHandler(FileHandler(root, files, sendsRegions: kind == "files"))
          }
        }
      }
      .bind(host: "127.0.0.1", port: Int(arguments[2]) ?? 8080)
      .get()
    try await server.closeFuture.get()
  }
}
