/// The header of the PROXY protocol, in which a load balancer names the client of a connection.
///
/// Source: The PROXY protocol, versions 1 & 2, HAProxy Technologies, revision of 2020/03/05.
struct ProxyProtocolHeader: Equatable {
  /// The client; nil when the connection is the balancer's own, such as a health check, or its family
  /// has no addresses.
  var client: PeerAddress?
  /// Whether the client used TLS; only version 2 has a place for it.
  var isSecure = false
  /// Bytes of the header; the client's follow.
  var byteCount: Int

  /// What a connection begins with.
  enum Outcome: Equatable {
    case complete(ProxyProtocolHeader)
    /// The first part of a header.
    case incomplete
    /// No header: the connection is to be closed without an answer.
    case malformed
  }

  /// The most bytes of a header of version 2; balancers send less than 600.
  static let byteCountMax = 2048

  /// Reads the header at the start of `bytes`; the first byte that cannot belong to one makes it
  /// malformed.
  static func read(_ bytes: Span<UInt8>) -> Outcome {
    guard !bytes.isEmpty else { return .incomplete }
    return bytes[0] == UInt8(ascii: "P")
      ? ProxyProtocolVersion1.read(bytes) : ProxyProtocolVersion2.read(bytes)
  }
}
