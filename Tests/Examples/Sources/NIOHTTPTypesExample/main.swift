import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOHTTPTypesHTTP2
import NIOPosix
import StaticAssets
import StaticNIO

// Usage: NIOHTTPTypesExample ROOT PORT [http2]
let arguments = CommandLine.arguments
let assets = try LiveTable(root: arguments[1])
let isHTTP2 = arguments.dropFirst(3).first == "http2"
let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
  .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
  .childChannelInitializer { channel in
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      guard isHTTP2 else {
        try pipeline.configureHTTPServerPipeline(withErrorHandling: false)
        try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
        try addHandlers(to: pipeline)
        return
      }
      _ = try pipeline.configureHTTP2Pipeline(
        mode: .server,
        connectionConfiguration: .init(),
        streamConfiguration: .init()
      ) { stream in
        stream.eventLoop.makeCompletedFuture {
          let pipeline = stream.pipeline.syncOperations
          try pipeline.addHandler(HTTP2FramePayloadToHTTPServerCodec())
          try addHandlers(to: pipeline)
        }
      }
    }
  }
  .bind(host: "127.0.0.1", port: Int(arguments[2]) ?? 8080)
  .get()
try await server.closeFuture.get()

/// The same for both versions of HTTP.
func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations) throws {
  try pipeline.addHandler(StaticAssetsHTTPTypesHandler(assets))
  // The app's own handlers come here.
  try pipeline.addHandler(StaticFallbackHTTPTypesHandler(assets))
}
