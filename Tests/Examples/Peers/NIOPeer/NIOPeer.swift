import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix

/// SwiftNIO without staticd, for `scripts/bench embed`: with a handler that sends files by NIO's
/// means (opened and sent as a region, or read in chunks), or with a constant response, the upper
/// limit of its speed.
///
/// With HTTP/1.1, or with HTTP/2 in clear text.
///
/// Usage: NIOPeer ROOT PORT files|chunks|constant|chunks-http2|constant-http2
@main
struct NIOPeer {
  static func main() async throws {
    let arguments = CommandLine.arguments
    let (root, kind) = (arguments[1], arguments[3])
    let files = NonBlockingFileIO(threadPool: .singleton)
    @Sendable func addHandler(to pipeline: ChannelPipeline.SynchronousOperations) throws {
      if kind.hasPrefix("constant") {
        try pipeline.addHandler(ConstantHandler())
      } else {
        try pipeline.addHandler(FileHandler(root, files, sendsRegions: kind == "files"))
      }
    }
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          guard kind.hasSuffix("-http2") else {
            try pipeline.configureHTTPServerPipeline()
            try addHandler(to: pipeline)
            return
          }
          _ = try pipeline.configureHTTP2Pipeline(
            mode: .server,
            connectionConfiguration: .init(),
            streamConfiguration: .init()
          ) { stream in
            stream.eventLoop.makeCompletedFuture {
              let pipeline = stream.pipeline.syncOperations
              try pipeline.addHandler(HTTP2FramePayloadToHTTP1ServerCodec())
              try addHandler(to: pipeline)
            }
          }
        }
      }
      .bind(host: "127.0.0.1", port: Int(arguments[2]) ?? 8080)
      .get()
    try await server.closeFuture.get()
  }
}
