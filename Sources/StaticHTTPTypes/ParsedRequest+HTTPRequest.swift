#if HTTPTypes
  public import HTTPTypes
  public import StaticAssets

  extension ParsedRequest {
    /// The request of a framework that uses swift-http-types.
    ///
    /// `:authority` is used as `Host`, which is optional in HTTP/2 and HTTP/3. A field `host` that equals
    /// it is not added again; one that differs makes the request malformed.
    ///
    /// A second `Host` makes a request of HTTP/1.1 malformed even if it equals the first, which codecs
    /// take for the authority. It is told from HTTP/2's `host` by a name that is not in lower case.
    ///
    /// `HTTPRequest` has no version: it is treated as HTTP/1.1, and without an authority as HTTP/1.0,
    /// which does not require one.
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
