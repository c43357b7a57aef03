/// The kind of a request field for forwarding, by its name.
enum ForwardedFieldKind: Equatable {
  /// The line is forwarded unchanged.
  case ordinary
  /// The line is not forwarded: it is hop-by-hop (RFC 9110 §7.6.1), or the server writes its own,
  /// as for `Host`.
  case connectionSpecific
  /// `Connection`
  case connection
  /// `Via`: all lines are joined in one, and this server is appended (RFC 9110 §7.6.3).
  case via
  /// The name has a character other than a letter, a digit or a hyphen. In a CGI or WSGI
  /// environment `X_Real.IP` and `X-Real-IP` are the same variable.
  case ambiguous
  /// A proxy reports a property of the client: only a trusted peer's line is used.
  case claim(ProxyClaim)
}

/// A field in which a proxy reports a property of the client.
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
  /// Another field for the scheme.
  case scheme(SchemeSpelling)
  /// Any other field: address, host, port, prefix, user or certificate.
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
