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
  /// It stands behind NIO's pipelining handler, which sends one response at a time; the app's own
  /// handler comes after it. An answer is written when its request has ended, content included,
  /// which is dropped; after `Expect: 100-continue` at once, and the connection is closed. Without
  /// NIO's own error handling it also answers, as `staticd serve` does, what NIO's parser refuses.
  ///
  /// Large files are handed to the system as file regions. TLS cannot send these: give `.chunks`
  /// where there is a TLS handler.
  public final class StaticAssetsHandler: ChannelInboundHandler, RemovableChannelHandler {
    /// What comes from the client.
    public typealias InboundIn = HTTPServerRequestPart
    /// What goes on to the app.
    public typealias InboundOut = HTTPServerRequestPart
    /// What goes to the client.
    public typealias OutboundOut = HTTPServerResponsePart

    /// How the bytes of large files get to the client.
    public enum FileSending: Sendable {
      /// As `FileRegion`, by sendfile(2).
      case regions
      /// Read on a thread pool in pieces of 128 KiB, each when the client has taken the one before.
      case chunks
    }

    /// What becomes of the parts of a request.
    private enum State {
      /// There is no request.
      case idle
      /// They go to the next handler.
      case passing
      /// They are dropped; the answer follows the last one.
      case collecting(Answer)
      /// They are dropped, and those of all that follow: the last answer is on its way.
      case closing
    }

    private let assets: LiveTable
    private let fileSending: FileSending
    private var state = State.idle
    private var date = DateValue()

    /// Answers from the current table of `assets`, whichever that is when a request comes.
    public init(_ assets: LiveTable, sendingFilesAs fileSending: FileSending = .regions) {
      self.assets = assets
      self.fileSending = fileSending
    }

    /// Takes a part of a request.
    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head):
        begin(head, context)
        if case .passing = state { context.fireChannelRead(data) }
      case .body:
        if case .passing = state { context.fireChannelRead(data) }
      case .end:
        end(context, data)
      }
    }

    /// Answers what NIO's parser has refused, unless the app has the start of the request.
    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
      guard let refused = error as? HTTPParserError else {
        context.fireErrorCaught(error)
        return
      }
      switch state {
      case .passing: context.fireErrorCaught(error)
      case .closing: break
      case .idle, .collecting:
        state = .closing
        send(Answer(refusing: refused.responseStatus, from: assets.current), context)
      }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
      if case .closing = state { return }
      guard let answer = Answer(to: head, from: assets.current) else {
        state = .passing
        return
      }
      guard head.headers.contains(name: "expect") else {
        state = .collecting(answer)
        return
      }
      // The content may come or not, so what follows cannot be told apart from it.
      state = .closing
      var last = answer
      last.keepsAlive = false
      send(last, context)
    }

    private func end(_ context: ChannelHandlerContext, _ data: NIOAny) {
      switch state {
      case .idle, .closing: break
      case .passing:
        state = .idle
        context.fireChannelRead(data)
      case .collecting(let answer):
        state = .idle
        send(answer, context)
      }
    }

    private func send(_ answer: Answer, _ context: ChannelHandlerContext) {
      answer.send(context, Delivery(date: date.now(), fileSending: fileSending))
    }
  }

  extension HTTPParserError {
    fileprivate var responseStatus: ResponseStatus {
      self == .headerOverflow ? .fieldsTooLarge : .badRequest
    }
  }
#endif
