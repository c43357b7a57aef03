import NIOCore
import NIOHTTP1
import NIOPosix

/// Serves files below a directory, opening each per request on NIO's thread pool.
final class FileHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let root: String
  private let files: NonBlockingFileIO
  private let sendsRegions: Bool
  private var target = ""

  init(_ root: String, _ files: NonBlockingFileIO, sendsRegions: Bool) {
    self.root = root
    self.files = files
    self.sendsRegions = sendsRegions
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch Self.unwrapInboundIn(data) {
    case .head(let head): target = head.uri
    case .body: break
    case .end: open(context)
    }
  }

  private func open(_ context: ChannelHandlerContext) {
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let path = root + target.dropFirst("/static".utf8.count)
    files.openFile(_deprecatedPath: path, eventLoop: context.eventLoop).whenComplete { result in
      let (handler, context) = bound.value
      guard case .success(let (file, region)) = result else {
        context.close(promise: nil)
        return
      }
      handler.send(region, context).whenComplete { _ in try? file.close() }
    }
  }

  private func send(
    _ region: FileRegion,
    _ context: ChannelHandlerContext
  ) -> EventLoopFuture<Void> {
    let fields: HTTPHeaders = [
      "Content-Type": "text/css", "Content-Length": "\(region.readableBytes)",
    ]
    let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: fields)
    context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
    guard !sendsRegions else {
      context.write(Self.wrapOutboundOut(.body(.fileRegion(region))), promise: nil)
      return context.writeAndFlush(Self.wrapOutboundOut(.end(nil)))
    }
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    return files.readChunked(
      fileRegion: region,
      chunkSize: 128 << 10,
      allocator: context.channel.allocator,
      eventLoop: context.eventLoop
    ) { chunk in
      bound.value.writeAndFlush(Self.wrapOutboundOut(.body(.byteBuffer(chunk))))
    }.flatMap {
      bound.value.writeAndFlush(Self.wrapOutboundOut(.end(nil)))
    }
  }
}
