#if NIO
  public import NIOCore
  public import NIOHTTP1
  public import StaticAssets

  /// The last handler of a pipeline: it answers every request that the app lets through.
  ///
  /// ```swift
  /// try pipeline.addHandler(StaticAssetsHandler(assets))
  /// try pipeline.addHandler(App())
  /// try pipeline.addHandler(StaticFallbackHandler(assets))
  /// ```
  ///
  /// The fallback of the table answers for the pages of a single-page app; everything else is 404, with
  /// the table's error page if it has one. An app that takes all requests, and knows only later that it
  /// has nothing, uses `StaticFallback` instead.
  public final class StaticFallbackHandler: ChannelInboundHandler, RemovableChannelHandler {
    /// What the app has let through.
    public typealias InboundIn = HTTPServerRequestPart
    /// Nothing: this handler is the last one.
    public typealias InboundOut = Never
    /// What goes to the client.
    public typealias OutboundOut = HTTPServerResponsePart

    private let answering: RequestAnswering<HTTP1Parts>

    /// Answers from the current table of `assets`, whichever that is when a request comes.
    public init(_ assets: LiveTable) {
      answering = RequestAnswering(assets, as: .rest, sendsRegions: false)
    }

    /// Looks at the channel.
    public func handlerAdded(context: ChannelHandlerContext) { answering.begin(context) }

    /// Takes a part of a request.
    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      _ = answering.takes(unwrapInboundIn(data), context)
    }

    /// Answers what NIO's parser, or the codec of a stream of HTTP/2, has refused; closes the channel for all
    /// other errors.
    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
      _ = answering.takes(error, context)
    }
  }
#endif
