import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOPosix
import StaticAssets
import StaticNIO

// Usage: NIOHTTPTypesExample ROOT PORT
let arguments = CommandLine.arguments
let assets = try LiveTable(root: arguments[1])
let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
  .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
  .childChannelInitializer { channel in
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      try pipeline.configureHTTPServerPipeline(withErrorHandling: false)
      // In HTTP/2: HTTP2FramePayloadToHTTPServerCodec, in the pipeline of each stream.
      try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
      try pipeline.addHandler(StaticAssetsHTTPTypesHandler(assets))
      // The app's own handlers come here.
      try pipeline.addHandler(StaticFallbackHTTPTypesHandler(assets))
    }
  }
  .bind(host: "127.0.0.1", port: Int(arguments[2]) ?? 8080)
  .get()
try await server.closeFuture.get()
