/// The header of the PROXY protocol: the client's address of a connection from a load balancer.
///
/// Source: The PROXY protocol, versions 1 & 2, HAProxy Technologies, revision of 2020/03/05.
struct ProxyProtocolHeader: Equatable {
  /// The client; nil for the balancer's own connection, such as a health check, and for a family
  /// without addresses.
  var client: PeerAddress?
  /// Whether the client used TLS; always false for version 1, which does not report it.
  var isSecure = false
  /// The length of the header in bytes; the client's first byte follows.
  var byteCount: Int

  /// The result of reading the start of a connection.
  enum Outcome: Equatable {
    case complete(ProxyProtocolHeader)
    /// The bytes so far are the start of a header.
    case incomplete
    /// No valid header: the connection is closed without a response.
    case malformed
  }

  /// The limit of a version 2 header in bytes; load balancers send less than 600.
  static let byteCountMax = 2048

  /// Reads the header at the start of `bytes`.
  ///
  /// `malformed` is returned at the first byte that no valid header can have.
  static func read(_ bytes: Span<UInt8>) -> Outcome {
    guard !bytes.isEmpty else { return .incomplete }
    return bytes[0] == UInt8(ascii: "P")
      ? ProxyProtocolVersion1.read(bytes) : ProxyProtocolVersion2.read(bytes)
  }
}
