#if HTTPTypes
  public import HTTPTypes
  public import StaticAssets

  extension ParsedRequest {
    /// The request of a framework that uses swift-http-types.
    ///
    /// `:authority` takes the place of `Host`, which HTTP/2 and HTTP/3 need not have. `HTTPRequest` does
    /// not tell the version: it counts as HTTP/1.1, and without an authority as HTTP/1.0, which may lack one.
    ///
    /// - Returns: nil when there is no request line with the method and the target, for example
    ///   without a path. Let the framework answer.
    ///
    /// Source: RFC 9113 §8.3.1.
    public init?(_ request: HTTPRequest) {
      let target = request.method == .connect ? request.authority : request.path
      self.init(
        method: request.method.rawValue,
        target: target ?? "",
        isVersion10: request.authority == nil
      )
      if let authority = request.authority { add("Host", authority) }
      for field in request.headerFields { add(field.name.canonicalName, field.value) }
    }
  }
#endif
