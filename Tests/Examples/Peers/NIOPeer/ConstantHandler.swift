import NIOCore
import NIOHTTP1

/// Answers every request with the same 1 KiB.
final class ConstantHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private static let head = HTTPResponseHead(
    version: .http1_1,
    status: .ok,
    headers: ["Content-Type": "text/css", "Content-Length": "1024"]
  )
  private static let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1024)

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .end = Self.unwrapInboundIn(data) else { return }
    context.write(Self.wrapOutboundOut(.head(Self.head)), promise: nil)
    context.write(Self.wrapOutboundOut(.body(.byteBuffer(Self.body))), promise: nil)
    context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
  }
}
