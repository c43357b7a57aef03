/// What a request field is to a proxy.
enum ForwardedFieldKind: Equatable {
  /// It goes to the app as it is.
  case ordinary
  /// It is about this connection alone, or made anew for the next one, as `Host` is.
  case connectionSpecific
  /// `Connection`
  case connection
  /// A name that a WSGI app cannot tell from another: anything but letters, digits and hyphens.
  case ambiguous
  /// What a proxy says of the client: believed from those that are trusted.
  case claim(ProxyClaim)
}

/// A field in which a proxy tells about the client.
enum ProxyClaim: Equatable {
  /// `X-Forwarded-For`
  case forwardedFor
  /// `X-Forwarded-Proto`
  case forwardedProto
  /// `X-Forwarded-Host`
  case forwardedHost
  /// `X-Forwarded-Port`
  case forwardedPort
  /// `Forwarded` (RFC 7239)
  case forwarded
  /// `X-Real-IP`
  case realIP
  /// `X-Request-Id`
  case requestID
  /// `X-Request-Start`
  case requestStart
  /// Any other one.
  case other
}

extension Span<UInt8> {
  /// What the request field whose name is in `range` is to a proxy.
  func forwardedFieldKind(_ range: Range<Int>) -> ForwardedFieldKind {
    for index in range where !self[index].isAlphanumeric && self[index] != UInt8(ascii: "-") {
      return .ambiguous
    }
    // Most names begin with another letter than any of these, and need one look.
    switch self[range.lowerBound] | 0x20 {
    case UInt8(ascii: "x"): return kindOfExtension(range)
    case UInt8(ascii: "c"):
      if isName("connection", range) { return .connection }
      if isName("content-length", range) { return .connectionSpecific }
      return hasName("cf-", in: range) ? .claim(.other) : .ordinary
    case UInt8(ascii: "h"):
      return isName("host", range) || isName("http2-settings", range)
        ? .connectionSpecific : .ordinary
    case UInt8(ascii: "k"): return isName("keep-alive", range) ? .connectionSpecific : .ordinary
    case UInt8(ascii: "e"): return isName("expect", range) ? .connectionSpecific : .ordinary
    case UInt8(ascii: "u"): return isName("upgrade", range) ? .connectionSpecific : .ordinary
    case UInt8(ascii: "t"): return kindOfT(range)
    case UInt8(ascii: "p"): return kindOfP(range)
    case UInt8(ascii: "f"): return kindOfF(range)
    case UInt8(ascii: "r"):
      return hasName("remote-", in: range) ? .claim(.other) : .ordinary
    case UInt8(ascii: "s"):
      return isName("script-name", range) || hasName("ssl-", in: range)
        ? .claim(.other) : .ordinary
    case UInt8(ascii: "w"):
      return isName("wl-proxy-client-ip", range) ? .claim(.other) : .ordinary
    default: return .ordinary
    }
  }

  private func kindOfT(_ range: Range<Int>) -> ForwardedFieldKind {
    if isName("te", range) || isName("trailer", range) || isName("transfer-encoding", range) {
      return .connectionSpecific
    }
    return isName("true-client-ip", range) ? .claim(.other) : .ordinary
  }

  private func kindOfP(_ range: Range<Int>) -> ForwardedFieldKind {
    // `Proxy` would be HTTP_PROXY in an app's CGI environment.
    if isName("proxy", range) || isName("proxy-connection", range)
      || isName("proxy-authorization", range) || isName("proxy-authenticate", range)
    {
      return .connectionSpecific
    }
    return isName("path-info", range) || isName("proxy-client-ip", range)
      ? .claim(.other) : .ordinary
  }

  private func kindOfF(_ range: Range<Int>) -> ForwardedFieldKind {
    if isName("forwarded", range) { return .claim(.forwarded) }
    return hasName("forwarded-", in: range) || hasName("fly-", in: range)
      || hasName("front-end-https", in: range) || hasName("fastly-", in: range)
      ? .claim(.other) : .ordinary
  }

  private func kindOfExtension(_ range: Range<Int>) -> ForwardedFieldKind {
    guard hasName("x-", in: range), range.count > 2 else { return .ordinary }
    switch self[range.lowerBound &+ 2] | 0x20 {
    case UInt8(ascii: "f"):
      guard hasName("x-forwarded", in: range) else { return .ordinary }
      if isName("x-forwarded-for", range) { return .claim(.forwardedFor) }
      if isName("x-forwarded-proto", range) { return .claim(.forwardedProto) }
      if isName("x-forwarded-host", range) { return .claim(.forwardedHost) }
      if isName("x-forwarded-port", range) { return .claim(.forwardedPort) }
      return .claim(.other)
    case UInt8(ascii: "r"):
      if isName("x-real-ip", range) { return .claim(.realIP) }
      if isName("x-request-id", range) { return .claim(.requestID) }
      if isName("x-request-start", range) { return .claim(.requestStart) }
      return hasName("x-remote-", in: range) || isName("x-rewrite-url", range)
        || hasName("x-railway-", in: range) ? .claim(.other) : .ordinary
    default: return isOtherClaim(range) ? .claim(.other) : .ordinary
    }
  }

  /// The names that proxies, load balancers and app servers use beside the usual ones.
  private func isOtherClaim(_ range: Range<Int>) -> Bool {
    switch self[range.lowerBound &+ 2] | 0x20 {
    case UInt8(ascii: "a"):
      hasName("x-accel-", in: range) || hasName("x-appengine-", in: range)
        || hasName("x-azure-", in: range) || hasName("x-arr-", in: range)
    case UInt8(ascii: "c"):
      isName("x-client-ip", range) || isName("x-cluster-client-ip", range)
        || isName("x-client-cert", range) || isName("x-client-dn", range)
        || isName("x-client-verify", range)
    case UInt8(ascii: "e"): hasName("x-envoy-", in: range)
    case UInt8(ascii: "h"):
      isName("x-host", range) || isName("x-http-host-override", range)
    case UInt8(ascii: "o"): hasName("x-original-", in: range)
    case UInt8(ascii: "p"):
      isName("x-proxyuser-ip", range) || isName("x-path-info", range)
    case UInt8(ascii: "q"): isName("x-queue-start", range)
    case UInt8(ascii: "s"):
      hasName("x-ssl-", in: range) || isName("x-scheme", range) || isName("x-script-name", range)
        || isName("x-sendfile-type", range)
    case UInt8(ascii: "u"): isName("x-url-scheme", range)
    default: false
    }
  }
}
