#if Hummingbird
  internal import HTTPTypes
  internal import Hummingbird
  internal import StaticAssets
  internal import Tracing

  /// What metrics, logs and traces are told of a request that was answered from the table.
  struct RequestNotes {
    /// The directory's URL path with all below, as a route has it: `/static/**`.
    private let endpoint: String
    private let kind: String

    init(_ turn: AnswerTurn, _ request: Request, _ table: FileTable) {
      endpoint = (table.prefix(covering: request.uri.path) ?? "/") + "**"
      switch turn {
      case .file: kind = "file"
      case .fallback: kind = "fallback"
      }
    }

    /// Sets the endpoint path, and attributes of the span if the request has one.
    ///
    /// `TracingMiddleware` names the span and `http.route` after the endpoint path.
    func write(_ response: Response, to context: some RequestContext) {
      context.coreContext.endpointPath.value = endpoint
      // Without tracing there is no service context, and nothing to look for.
      guard let tracing = ServiceContext.current,
        let span = InstrumentationSystem.tracer.activeSpan(identifiedBy: tracing)
      else { return }
      span.attributes["static_assets.kind"] = kind
      span.attributes["static_assets.coding"] = response.headers[.contentEncoding] ?? "identity"
    }
  }
#endif
