#if NIOHTTPTypes
  public import HTTPTypes
  public import NIOCore

  extension StaticFallback {
    /// Like `answer(_:in:)`, for pipelines with `HTTPRequestPart` and `HTTPResponsePart`.
    public func answer(_ head: HTTPRequest, in context: ChannelHandlerContext) {
      LastAnswer<HTTPTypesParts>(assets, context).send(to: HTTPTypesParts.facts(of: head))
    }

    /// Like `answer(_:with:in:)`, for pipelines with `HTTPRequestPart` and `HTTPResponsePart`.
    public func answer(
      _ head: HTTPRequest,
      with status: HTTPResponse.Status,
      in context: ChannelHandlerContext
    ) {
      LastAnswer<HTTPTypesParts>(assets, context).send(
        AnyStatus(code: status.code, reason: status.reasonPhrase),
        to: HTTPTypesParts.facts(of: head)
      )
    }
  }
#endif
