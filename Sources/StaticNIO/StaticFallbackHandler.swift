#if NIO
  public import NIOCore
  public import NIOHTTP1
  public import StaticAssets

  /// The last handler of a pipeline: it responds to every request that the app passes on.
  ///
  /// ```swift
  /// try pipeline.addHandler(StaticAssetsHandler(assets))
  /// try pipeline.addHandler(App())
  /// try pipeline.addHandler(StaticFallbackHandler(assets))
  /// ```
  ///
  /// The fallback of the table is the response for the pages of a single-page app; everything else
  /// gets 404, with the table's error page if it has one. An app that consumes all requests, and
  /// finds out later that it has no response, uses `StaticFallback` instead.
  public final class StaticFallbackHandler: ChannelInboundHandler, RemovableChannelHandler {
    /// Parts of requests that the app has passed on.
    public typealias InboundIn = HTTPServerRequestPart
    /// None: this handler is the last one.
    public typealias InboundOut = Never
    /// Parts of responses to the client.
    public typealias OutboundOut = HTTPServerResponsePart

    private let answering: RequestAnswering<HTTP1Parts>

    /// A handler that uses the table of `assets` that is current at each request.
    public init(_ assets: LiveTable) {
      answering = RequestAnswering(assets, as: .rest, sendsRegions: false)
    }

    /// Reads the properties of the channel.
    public func handlerAdded(context: ChannelHandlerContext) { answering.begin(context) }

    /// Handles a part of a request.
    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      _ = answering.takes(unwrapInboundIn(data), context)
    }

    /// Responds to an error of NIO's parser or of the codec of an HTTP/2 stream; closes the channel
    /// for all other errors.
    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
      _ = answering.takes(error, context)
    }
  }
#endif
