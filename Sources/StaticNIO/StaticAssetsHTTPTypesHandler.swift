#if NIOHTTPTypes
  public import NIOCore
  public import NIOHTTPTypes
  public import StaticAssets

  /// `StaticAssetsHandler` for pipelines of `HTTPRequestPart` and `HTTPResponsePart`.
  ///
  /// ```swift
  /// try pipeline.configureHTTPServerPipeline(withErrorHandling: false)
  /// try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
  /// try pipeline.addHandler(StaticAssetsHTTPTypesHandler(assets))
  /// ```
  ///
  /// These parts do not tell the version of HTTP, so every request with an authority counts as HTTP/1.1 or newer,
  /// and one without as HTTP/1.0. Large
  /// files are read in pieces of 128 KiB, each when the client has taken the one before.
  public final class StaticAssetsHTTPTypesHandler: ChannelInboundHandler, RemovableChannelHandler {
    /// What comes from the client.
    public typealias InboundIn = HTTPRequestPart
    /// What goes on to the app.
    public typealias InboundOut = HTTPRequestPart
    /// What goes to the client.
    public typealias OutboundOut = HTTPResponsePart

    private let answering: RequestAnswering<HTTPTypesParts>

    /// Answers from the current table of `assets`, whichever that is when a request comes.
    public init(_ assets: LiveTable) {
      answering = RequestAnswering(assets, as: .files, sendsRegions: false)
    }

    /// Looks at the channel.
    public func handlerAdded(context: ChannelHandlerContext) { answering.begin(context) }

    /// Takes a part of a request.
    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      if !answering.takes(unwrapInboundIn(data), context) { context.fireChannelRead(data) }
    }

    /// Answers what NIO's parser has refused, unless the app has the start of the request.
    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
      if !answering.takes(error, context) { context.fireErrorCaught(error) }
    }
  }

  /// `StaticFallbackHandler` for pipelines of `HTTPRequestPart` and `HTTPResponsePart`.
  public final class StaticFallbackHTTPTypesHandler: ChannelInboundHandler, RemovableChannelHandler
  {
    /// What the app has let through.
    public typealias InboundIn = HTTPRequestPart
    /// Nothing: this handler is the last one.
    public typealias InboundOut = Never
    /// What goes to the client.
    public typealias OutboundOut = HTTPResponsePart

    private let answering: RequestAnswering<HTTPTypesParts>

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
