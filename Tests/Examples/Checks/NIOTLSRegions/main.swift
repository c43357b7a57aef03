import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import StaticAssets
import StaticNIO

// A misconfiguration that must not crash the process: file regions together with a TLS handler.
//
// Usage: NIOTLSRegions ROOT PORT CERTIFICATE KEY
let arguments = CommandLine.arguments
let assets = try LiveTable(root: arguments[1])
let configuration = TLSConfiguration.makeServerConfiguration(
  certificateChain: try NIOSSLCertificate.fromPEMFile(arguments[3]).map { .certificate($0) },
  privateKey: .privateKey(try NIOSSLPrivateKey(file: arguments[4], format: .pem))
)
let context = try NIOSSLContext(configuration: configuration)
let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
  .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
  .childChannelInitializer { channel in
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      try pipeline.addHandler(NIOSSLServerHandler(context: context))
      try pipeline.configureHTTPServerPipeline(withErrorHandling: false)
      try pipeline.addHandler(StaticAssetsHandler(assets, sendingFilesAs: .regionsOverPlainTCP))
      try pipeline.addHandler(StaticFallbackHandler(assets))
    }
  }
  .bind(host: "127.0.0.1", port: Int(arguments[2]) ?? 8443)
  .get()
try await server.closeFuture.get()
