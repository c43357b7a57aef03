/// What a request field means to a proxy, by its name.
enum ForwardedFieldKind: Equatable {
  /// The app gets the line unchanged.
  case ordinary
  /// It concerns this connection alone, or is written anew for the next one, as `Host` is
  /// (RFC 9110 §7.6.1).
  case connectionSpecific
  /// `Connection`
  case connection
  /// `Via`: the app gets all lines as one, with us at the end (RFC 9110 §7.6.3).
  case via
  /// The name has other characters than letters, digits and hyphens. In a CGI or WSGI environment
  /// `X_Real.IP` and `X-Real-IP` are the same variable.
  case ambiguous
  /// A proxy uses it to tell about the client: it is taken from trusted peers only.
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
  /// Another spelling of `X-Forwarded-Proto`.
  case scheme(SchemeSpelling)
  /// Any other: address, host, port, prefix, user or certificate.
  case other
}

extension Span<UInt8> {
  /// The kind of the request field whose name is in `range`.
  func forwardedFieldKind(_ range: Range<Int>) -> ForwardedFieldKind {
    for index in range where !self[index].isAlphanumeric && self[index] != UInt8(ascii: "-") {
      return .ambiguous
    }
    return RequestFieldTable.shared.kind(of: range, in: self)
  }
}
