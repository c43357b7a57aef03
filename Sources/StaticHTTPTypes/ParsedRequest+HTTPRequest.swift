#if HTTPTypes
  public import HTTPTypes
  public import StaticAssets

  extension ParsedRequest {
    /// The request of a framework that uses swift-http-types.
    ///
    /// `HTTPRequest` has no version: it is treated as HTTP/1.1, and without an authority as HTTP/1.0,
    /// which does not require one.
    ///
    /// The authority is used as `Host`. A field spelt `host`, as HTTP/2 requires, is dropped if it
    /// equals the authority. Every other field of that name makes the request malformed: it differs
    /// from the authority, or it is a second `Host` of HTTP/1.1. A second `host` of HTTP/1.1 in lower
    /// case cannot be told from that of HTTP/2.
    ///
    /// - Returns: nil when a request line cannot contain the method and the target, for example
    ///   without a path. Let the framework respond then.
    ///
    /// Source: RFC 9112 §3.2; RFC 9113 §8.2, §8.3.1.
    public init?(_ request: HTTPRequest) {
      let target = request.method == .connect ? request.authority : request.path
      self.init(
        method: request.method.rawValue,
        target: target ?? "",
        isVersion10: request.authority == nil
      )
      if let authority = request.authority { add("Host", authority) }
      for field in request.headerFields
      where field.name.rawName != "host" || field.value != request.authority {
        add(field.name.canonicalName, field.value)
      }
    }
  }
#endif
