#if NIOHTTPTypes
  public import NIOCore
  public import NIOHTTPTypes
  public import StaticAssets

  /// `StaticAssetsHandler` for pipelines with `HTTPRequestPart` and `HTTPResponsePart`.
  ///
  /// ```swift
  /// try pipeline.configureHTTPServerPipeline(withErrorHandling: false)
  /// try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
  /// try pipeline.addHandler(StaticAssetsHTTPTypesHandler(assets))
  /// ```
  ///
  /// These parts have no HTTP version: a request with an authority is treated as HTTP/1.1 or later,
  /// one without as HTTP/1.0. Large files are read in chunks of 128 KiB, each after the client has
  /// taken the previous one.
  public final class StaticAssetsHTTPTypesHandler: ChannelInboundHandler, RemovableChannelHandler {
    /// Parts of requests from the client.
    public typealias InboundIn = HTTPRequestPart
    /// Parts of requests for the app.
    public typealias InboundOut = HTTPRequestPart
    /// Parts of responses to the client.
    public typealias OutboundOut = HTTPResponsePart

    private let answering: RequestAnswering<HTTPTypesParts>

    /// A handler that uses the table of `assets` that is current at each request.
    public init(_ assets: LiveTable) {
      answering = RequestAnswering(assets, as: .files, sendsRegions: false)
    }

    /// Reads the properties of the channel.
    public func handlerAdded(context: ChannelHandlerContext) { answering.begin(context) }

    /// Handles a part of a request.
    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      if !answering.takes(unwrapInboundIn(data), context) { context.fireChannelRead(data) }
    }

    /// Responds to an error of NIO's parser, unless the app has received the start of the request.
    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
      if !answering.takes(error, context) { context.fireErrorCaught(error) }
    }
  }

  /// `StaticFallbackHandler` for pipelines with `HTTPRequestPart` and `HTTPResponsePart`.
  public final class StaticFallbackHTTPTypesHandler: ChannelInboundHandler, RemovableChannelHandler
  {
    /// Parts of requests that the app has passed on.
    public typealias InboundIn = HTTPRequestPart
    /// None: this handler is the last one.
    public typealias InboundOut = Never
    /// Parts of responses to the client.
    public typealias OutboundOut = HTTPResponsePart

    private let answering: RequestAnswering<HTTPTypesParts>

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
