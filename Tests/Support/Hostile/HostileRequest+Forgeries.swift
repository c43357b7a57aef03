/// Fields that only a proxy may set. Source: RFC 7239 §8.1, RFC 9110 §7.6.1, RFC 3875 §4.1 for the
/// names of a CGI environment, to which an app server maps fields.
extension HostileRequest {
  static let forgeries: [HostileRequest] =
    [
      "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port",
      "X-Forwarded-Server",
      "X-Forwarded-Prefix", "X-Forwarded-Scheme", "X-Forwarded-Ssl", "X-Forwarded-Protocol",
      "X-Forwarded-By",
      "X-Forwarded-Path", "X-Forwarded-Client-Cert", "Forwarded", "X-Real-IP", "X-Client-IP",
      "X-Cluster-Client-IP", "True-Client-IP", "CF-Connecting-IP", "CF-Visitor", "Fastly-Client-IP",
      "Fly-Client-IP", "X-Url-Scheme", "X-Scheme", "Front-End-Https", "X-Script-Name",
      "Script-Name",
      "SCRIPT_NAME", "Path-Info", "PATH_INFO", "Remote-User", "REMOTE_USER", "Remote-Addr",
      "REMOTE_ADDR",
      "X-Remote-User", "X-Remote-Addr", "X_Forwarded_For", "X_Forwarded_Proto", "X-Forwarded_For",
      "X.Forwarded.For",
      "x-FORWARDED-for", "Proxy", "Proxy-Client-IP", "WL-Proxy-Client-IP", "X-Original-URL",
      "X-Original-Host",
      "X-Rewrite-URL", "X-Host", "X-Accel-Mapping", "X-Sendfile-Type", "X-SSL-Client-CN",
      "SSL-Client-Verify",
      "X-Client-Cert", "X-Envoy-External-Address", "X-Azure-ClientIP", "X-Appengine-User-IP",
      "HTTP_HOST",
      "wsgi.url_scheme", "X-Forwarded-For!", "X-Queue-Start", "Proxy-Connection",
      "Proxy-Authorization",
      "Keep-Alive", "TE", "Trailer", "Client-IP", "DO-Connecting-IP", "CloudFront-Forwarded-Proto",
      "CloudFront-Viewer-Address", "X-Amzn-Oidc-Identity", "X-Auth-Request-User", "X-Webauth-User",
      "X-authentik-username", "Tailscale-User-Login", "Cf-Access-Authenticated-User-Email",
      "X-Goog-Authenticated-User-Email", "X-Ms-Client-Principal-Name", "X-Vercel-Forwarded-For",
      "X-Nf-Client-Connection-Ip", "EO-Connecting-IP", "Client-Cert", "Https",
    ].map { HostileRequest("forged \($0)", get("\($0): \(mark)"), .forwarded(1)) } + [
      HostileRequest(
        "an address on several lines",
        get("X-Forwarded-For: \(mark)\r\nx-forwarded-for: \(mark)\r\nX-Forwarded-For: \(mark)"),
        .forwarded(1)
      ),
      HostileRequest(
        "an address behind an empty one",
        get("X-Forwarded-For: \r\nX-Forwarded-For: \(mark)"),
        .forwarded(1)
      ),
    ]

  /// Fields that `Connection` would remove or keep.
  static let connections: [HostileRequest] = [
    "Connection: X-Forwarded-For", "Connection: X-Forwarded-Proto, X-Forwarded-Host",
    "Connection: X-Request-Id, close", "Connection: Cookie\r\nCookie: a=\(mark)",
    "Connection: keep-alive, A\r\nA: \(mark)", "Connection: ,,A,\r\nA: \(mark)",
    "Connection: B\r\nConnection: A\r\nA: \(mark)\r\nB: \(mark)",
    "Upgrade: h2c\r\nHTTP2-Settings: \(mark)",
    "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: \(mark)",
    "Connection: Forwarded, X-Real-IP\r\nForwarded: for=\(mark)\r\nX-Real-IP: \(mark)",
  ].map { HostileRequest($0.debugDescription, get($0), .forwarded(1)) }
}
