import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import NIOSSL
import StaticAssets
import StaticNIO

// Usage: NIOTLSExample ROOT PORT CERTIFICATE KEY
let arguments = CommandLine.arguments
let assets = try LiveTable(root: arguments[1])

var configuration = TLSConfiguration.makeServerConfiguration(
  certificateChain: try NIOSSLCertificate.fromPEMFile(arguments[3]).map { .certificate($0) },
  privateKey: .privateKey(try NIOSSLPrivateKey(file: arguments[4], format: .pem))
)
// Clients choose; those that do not know ALPN get HTTP/1.1.
configuration.applicationProtocols = ["h2", "http/1.1"]
let context = try NIOSSLContext(configuration: configuration)

let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
  .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
  .childChannelInitializer { channel in
    channel.eventLoop.makeCompletedFuture {
      try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
    }.flatMap {
      channel.configureHTTP2SecureUpgrade { channel in
        channel.eventLoop.makeCompletedFuture {
          _ = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
            mode: .server,
            connectionConfiguration: .init(),
            streamConfiguration: .init()
          ) { stream in
            stream.eventLoop.makeCompletedFuture {
              let pipeline = stream.pipeline.syncOperations
              try pipeline.addHandler(HTTP2FramePayloadToHTTP1ServerCodec())
              try addHandlers(to: pipeline)
            }
          }
        }
      } http1ChannelConfigurator: { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.configureHTTPServerPipeline(withErrorHandling: false)
          try addHandlers(to: pipeline)
        }
      }
    }
  }
  .bind(host: "127.0.0.1", port: Int(arguments[2]) ?? 8443)
  .get()
try await server.closeFuture.get()

/// The same for both versions of HTTP.
func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations) throws {
  try pipeline.addHandler(StaticAssetsHandler(assets))
  // The app's own handlers come here.
  try pipeline.addHandler(StaticFallbackHandler(assets))
}
