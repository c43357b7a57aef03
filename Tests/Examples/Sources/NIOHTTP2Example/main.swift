import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import StaticAssets
import StaticNIO

// Usage: NIOHTTP2Example ROOT PORT
let arguments = CommandLine.arguments
let assets = try LiveTable(root: arguments[1])
let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
  .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
  .childChannelInitializer { channel in
    channel.eventLoop.makeCompletedFuture {
      _ = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
        mode: .server,
        connectionConfiguration: .init(),
        streamConfiguration: .init()
      ) { stream in
        // Each request has a channel of its own.
        stream.eventLoop.makeCompletedFuture {
          let pipeline = stream.pipeline.syncOperations
          try pipeline.addHandler(HTTP2FramePayloadToHTTP1ServerCodec())
          try pipeline.addHandler(StaticAssetsHandler(assets))
          // The app's own handlers come here.
          try pipeline.addHandler(StaticFallbackHandler(assets))
        }
      }
    }
  }
  .bind(host: "127.0.0.1", port: Int(arguments[2]) ?? 8080)
  .get()
try await server.closeFuture.get()
