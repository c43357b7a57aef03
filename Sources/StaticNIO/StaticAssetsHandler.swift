#if NIO
  public import NIOCore
  public import NIOHTTP1
  public import StaticAssets

  /// A channel handler that serves static files like `staticd serve`, and passes all other requests
  /// on.
  ///
  /// ```swift
  /// try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: false)
  /// try channel.pipeline.syncOperations.addHandler(StaticAssetsHandler(assets))
  /// ```
  ///
  /// For pipelines with `HTTPServerRequestPart`: HTTP/1.1 with or without TLS, and each stream of
  /// HTTP/2 after `HTTP2FramePayloadToHTTP1ServerCodec`. In HTTP/1.1, add it after NIO's pipelining
  /// handler, which sends one response at a time, and before the app's own handler.
  ///
  /// A response is written when its request has ended, including the content, which is dropped;
  /// with `Expect: 100-continue` it is written at once, and the connection is closed. Without NIO's
  /// own error handling it also responds to requests that NIO's parser rejects, like `staticd
  /// serve`. Large files are read in chunks, each after the client has taken the previous one.
  ///
  /// A file that has changed since the table was built is sent in its current version; if a file
  /// changes while it is sent, the connection is closed, or the stream is reset, before the last
  /// byte.
  public final class StaticAssetsHandler: ChannelInboundHandler, RemovableChannelHandler {
    /// Parts of requests from the client.
    public typealias InboundIn = HTTPServerRequestPart
    /// Parts of requests for the app.
    public typealias InboundOut = HTTPServerRequestPart
    /// Parts of responses to the client.
    public typealias OutboundOut = HTTPServerResponsePart

    /// The method of sending large files.
    public enum FileSending: Sendable {
      /// Buffers of 128 KiB, for every pipeline.
      case chunks
      /// `FileRegion`, which uses sendfile(2), for plain TCP connections.
      ///
      /// Handlers for TLS or HTTP/2 accept only buffers, and trap on a region. Chunks are therefore
      /// sent anyway in an HTTP/2 stream, after a TLS event (`TLSUserEvent`), and if this handler
      /// was added to a connection that was already open, as after ALPN. A handler that transforms
      /// bytes without such an event is not detected.
      case regionsOverPlainTCP
    }

    private let answering: RequestAnswering<HTTP1Parts>

    /// A handler that uses the table of `assets` that is current at each request.
    public init(_ assets: LiveTable, sendingFilesAs fileSending: FileSending = .chunks) {
      let sendsRegions = fileSending == .regionsOverPlainTCP
      answering = RequestAnswering(assets, as: .files, sendsRegions: sendsRegions)
    }

    /// Reads the properties of the channel.
    public func handlerAdded(context: ChannelHandlerContext) { answering.begin(context) }

    /// Handles a part of a request.
    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      if !answering.takes(unwrapInboundIn(data), context) { context.fireChannelRead(data) }
    }

    /// Handles an event and passes it on to the app.
    public func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      answering.notice(event)
      context.fireUserInboundEventTriggered(event)
    }

    /// Responds to an error of NIO's parser, unless the app has received the start of the request.
    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
      if !answering.takes(error, context) { context.fireErrorCaught(error) }
    }
  }
#endif
