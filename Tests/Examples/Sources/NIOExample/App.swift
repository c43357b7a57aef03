import Foundation
import NIOCore
import NIOHTTP1
import StaticAssets

/// The app behind the files.
final class App: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private var keepsAlive = true

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch Self.unwrapInboundIn(data) {
    case .head(let head): keepsAlive = head.isKeepAlive
    case .body: break
    case .end:
      var fields: HTTPHeaders = ["Content-Length": "0", "Date": Self.date()]
      if !keepsAlive { fields.add(name: "Connection", value: "close") }
      let head = HTTPResponseHead(version: .http1_1, status: .notFound, headers: fields)
      context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
      context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
      if !keepsAlive { context.close(promise: nil) }
    }
  }

  private static func date() -> String {
    let date = HTTPDate.format(Int64(Date().timeIntervalSince1970))
    return String(decoding: date.indices.map { date[$0] }, as: UTF8.self)
  }
}
