import NIOCore
import NIOHTTP1
import NIOPosix
import StaticAssets
import StaticNIO

/// The app: a greeting at `/hello`.
///
/// It lets through what it does not know.
final class App: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private var greets = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = Self.unwrapInboundIn(data)
    if case .head(let head) = part { greets = head.uri == "/hello" && head.method == .GET }
    guard greets else {
      context.fireChannelRead(data)
      return
    }
    guard case .end = part else { return }
    let fields: HTTPHeaders = ["Content-Type": "text/plain", "Content-Length": "6"]
    let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: fields)
    context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
    context.write(
      Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: "Hello\n")))),
      promise: nil
    )
    context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
  }
}

// Usage: NIOExample ROOT PORT [regions]
let arguments = CommandLine.arguments
let assets = try LiveTable(root: arguments[1])
// Plain TCP, so that large files may be sent by the system.
let sending: StaticAssetsHandler.FileSending =
  arguments.dropFirst(3).first == "regions" ? .regionsOverPlainTCP : .chunks
let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
  .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
  .childChannelInitializer { channel in
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      try pipeline.configureHTTPServerPipeline(withErrorHandling: false)
      try pipeline.addHandler(StaticAssetsHandler(assets, sendingFilesAs: sending))
      try pipeline.addHandler(App())
      try pipeline.addHandler(StaticFallbackHandler(assets))
    }
  }
  .bind(host: "127.0.0.1", port: Int(arguments[2]) ?? 8080)
  .get()
try await server.closeFuture.get()
