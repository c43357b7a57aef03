#if NIO
  public import NIOCore
  public import NIOHTTP1
  public import StaticAssets

  /// A channel handler that answers for static files, as `staticd serve` does, and lets all other
  /// requests through.
  ///
  /// ```swift
  /// try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: false)
  /// try channel.pipeline.syncOperations.addHandler(StaticAssetsHandler(assets))
  /// ```
  ///
  /// For pipelines of `HTTPServerRequestPart`: HTTP/1.1 in clear and behind TLS, and each stream of
  /// HTTP/2 behind `HTTP2FramePayloadToHTTP1ServerCodec`. In HTTP/1.1 it stands behind NIO's pipelining
  /// handler, which sends one response at a time; the app's own handler comes after it.
  ///
  /// An answer is written when its request has ended, content included, which is dropped; after
  /// `Expect: 100-continue` at once, and the connection is closed. Without NIO's own error handling it
  /// also answers, as `staticd serve` does, what NIO's parser refuses. Large files are read in pieces,
  /// each when the client has taken the one before.
  ///
  /// A file that has changed since the table was built makes the table anew, at most once a second; one
  /// that changes while it is sent ends its connection, or resets its stream, before the last byte.
  public final class StaticAssetsHandler: ChannelInboundHandler, RemovableChannelHandler {
    /// What comes from the client.
    public typealias InboundIn = HTTPServerRequestPart
    /// What goes on to the app.
    public typealias InboundOut = HTTPServerRequestPart
    /// What goes to the client.
    public typealias OutboundOut = HTTPServerResponsePart

    /// How the bytes of large files get to the client.
    public enum FileSending: Sendable {
      /// As buffers of 128 KiB, which every pipeline takes.
      case chunks
      /// As `FileRegion`, by sendfile(2), for a connection that is TCP and nothing else.
      ///
      /// A handler for TLS or HTTP/2 takes buffers only, and stops the process at a region. Chunks are
      /// therefore sent all the same in a stream of HTTP/2, after an event of TLS
      /// (`TLSUserEvent`), and if this handler was added to a connection that was open already, as
      /// after ALPN. What transforms bytes and tells nobody is not noticed.
      case regionsOverPlainTCP
    }

    private let answering: RequestAnswering<HTTP1Parts>

    /// Answers from the current table of `assets`, whichever that is when a request comes.
    public init(_ assets: LiveTable, sendingFilesAs fileSending: FileSending = .chunks) {
      let sendsRegions = fileSending == .regionsOverPlainTCP
      answering = RequestAnswering(assets, as: .files, sendsRegions: sendsRegions)
    }

    /// Looks at the channel.
    public func handlerAdded(context: ChannelHandlerContext) { answering.begin(context) }

    /// Takes a part of a request.
    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      if !answering.takes(unwrapInboundIn(data), context) { context.fireChannelRead(data) }
    }

    /// Takes an event, which goes on to the app.
    public func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      answering.notice(event)
      context.fireUserInboundEventTriggered(event)
    }

    /// Answers what NIO's parser has refused, unless the app has the start of the request.
    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
      if !answering.takes(error, context) { context.fireErrorCaught(error) }
    }
  }
#endif
