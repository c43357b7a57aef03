#if NIO
  public import NIOCore
  public import NIOHTTP1
  public import StaticAssets

  /// Answers for an app that has nothing for a request, from within the app's own handler.
  ///
  /// ```swift
  /// case .end: StaticFallback(assets).answer(head, in: context)
  /// ```
  ///
  /// Call it once for a request, when its `.end` has come and instead of a response of the app. It writes
  /// the whole response, and closes the connection behind it if the client wants that.
  public struct StaticFallback: Sendable {
    let assets: LiveTable

    /// Answers from the current table of `assets`.
    public init(_ assets: LiveTable) {
      self.assets = assets
    }

    /// Answers with the fallback of the table, for the pages of a single-page app; else with 404, and the
    /// table's error page if it has one.
    public func answer(_ head: HTTPRequestHead, in context: ChannelHandlerContext) {
      LastAnswer<HTTP1Parts>(assets, context).send(to: HTTP1Parts.facts(of: head))
    }

    /// Answers with `status`, and with the table's error page for an app if it has one for it.
    public func answer(
      _ head: HTTPRequestHead,
      with status: HTTPResponseStatus,
      in context: ChannelHandlerContext
    ) {
      LastAnswer<HTTP1Parts>(assets, context).send(
        AnyStatus(code: Int(status.code), reason: status.reasonPhrase),
        to: HTTP1Parts.facts(of: head)
      )
    }
  }
#endif
