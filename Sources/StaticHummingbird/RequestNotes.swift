#if Hummingbird
  internal import HTTPTypes
  internal import Hummingbird
  internal import StaticAssets
  internal import Tracing

  /// The values for metrics, logs and traces of a request that the table has answered.
  struct RequestNotes {
    /// The directory's URL path with a wildcard, in the form of a route: `/static/**`.
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
      // Without a service context tracing is off, and there is no span.
      guard let tracing = ServiceContext.current,
        let span = InstrumentationSystem.tracer.activeSpan(identifiedBy: tracing)
      else { return }
      span.attributes["static_assets.kind"] = kind
      span.attributes["static_assets.coding"] = response.headers[.contentEncoding] ?? "identity"
    }
  }
#endif
