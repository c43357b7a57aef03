#if NIO
  public import NIOCore
  public import NIOHTTP1
  public import StaticAssets

  /// Responds to requests that an app has no response for, from within the app's own handler.
  ///
  /// ```swift
  /// case .end: StaticFallback(assets).answer(head, in: context)
  /// ```
  ///
  /// Call it once for a request, when its `.end` has been received, instead of writing a response.
  /// It writes the whole response, and then closes the connection if the request does not permit
  /// another one.
  public struct StaticFallback: Sendable {
    let assets: LiveTable

    /// Uses the current table of `assets`.
    public init(_ assets: LiveTable) {
      self.assets = assets
    }

    /// Sends the fallback of the table, for the pages of a single-page app; else 404, with the
    /// table's error page if it has one.
    public func answer(_ head: HTTPRequestHead, in context: ChannelHandlerContext) {
      LastAnswer<HTTP1Parts>(assets, context).send(to: HTTP1Parts.facts(of: head))
    }

    /// Sends `status`, with the table's error page if it has one for it.
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
