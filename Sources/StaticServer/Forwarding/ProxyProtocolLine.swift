/// Writes the header of the PROXY protocol, version 1, for an app that takes the client's address
/// from the connection.
///
/// Source: haproxy.org, `proxy-protocol.txt`, §2.1.
extension ByteBuffer {
  /// The longest header in bytes: two IPv6 addresses of 39 and two ports.
  static var proxyProtocolLineBytesMax: Int { 107 }

  /// Appends the header for a request of `client`.
  ///
  /// The protocol requires the destination address and both ports. Apps use `Host` and
  /// `X-Forwarded-Port` for them, so loopback and 0 are sent. A client of a Unix socket is on this
  /// machine and has no address; gunicorn rejects `UNKNOWN`, so 127.0.0.1 is sent.
  mutating func appendProxyProtocolLine(_ client: PeerAddress) {
    switch client.kind {
    case .ipv4:
      append("PROXY TCP4 ")
      append(client)
      append(" 127.0.0.1 0 0\r\n")
    case .ipv6:
      append("PROXY TCP6 ")
      append(client)
      append(" ::1 0 0\r\n")
    case .unix: append("PROXY TCP4 127.0.0.1 127.0.0.1 0 0\r\n")
    }
  }
}
