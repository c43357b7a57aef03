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
    let assets = LiveTable(try FileTable.build(root: arguments[1]))
    // As a server with TLS has to.
    let sending: StaticAssetsHandler.FileSending = arguments.count > 3 ? .chunks : .regions
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.configureHTTPServerPipeline()
          try pipeline.addHandler(StaticAssetsHandler(assets, sendingFilesAs: sending))
          try pipeline.addHandler(App())
        }
      }
      .bind(host: "127.0.0.1", port: Int(arguments[2]) ?? 8080)
      .get()
    try await server.closeFuture.get()
  }
}

/// The app behind the files.
final class App: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private var keepsAlive = true

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): keepsAlive = head.isKeepAlive
    case .body: break
    case .end:
      var fields: HTTPHeaders = ["Content-Length": "0"]
      if !keepsAlive { fields.add(name: "Connection", value: "close") }
      let head = HTTPResponseHead(version: .http1_1, status: .notFound, headers: fields)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      if !keepsAlive { context.close(promise: nil) }
    }
  }
}
